-- Included after `clock` by the scripts that hold an account.

-- Whoever paused first stays on record. The token names the hold for whoever means to release it; '' if only a recovery may.
local function hold_account(paused, by, why, token)
  redis.call('HSETNX', paused, 'at', clock.whole(NOW))
  redis.call('HSETNX', paused, 'by', by)
  redis.call('HSETNX', paused, 'heldAt', clock.whole(NOW))
  redis.call('HSET', paused, 'why', why, 'token', token)
end

-- The highest number of a submit that those have seen who hold the account.
local function last_seen(paused)
  return tonumber(redis.call('HGET', paused, 'last') or '-1')
end

-- The number above which the last recovery lets submits go on.
local function raised_to(counters)
  return tonumber(redis.call('HGET', counters, 'raisedTo') or '-1')
end

local _ = { last_seen, raised_to }
