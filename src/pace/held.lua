-- Included after `clock` by the scripts that hold an account.

local held = {}

-- Whoever paused first stays on record. The token names the hold for whoever means to release it; '' if only a recovery may.
function held.begin(paused, by, why, token)
  redis.call('HSETNX', paused, 'at', clock.whole(NOW))
  redis.call('HSETNX', paused, 'by', by)
  redis.call('HSETNX', paused, 'heldAt', clock.whole(NOW))
  redis.call('HSET', paused, 'why', why, 'token', token)
end

-- The highest number of a submit that those have seen who hold the account.
function held.last_seen(paused)
  return tonumber(redis.call('HGET', paused, 'last') or '-1')
end

-- Until somebody recovers it, above this number of a submit.
function held.until_recovered(paused, by, why, last)
  held.begin(paused, by, why, '')
  redis.call('HSET', paused, 'last', clock.whole(math.max(last, held.last_seen(paused))))
end

-- The number above which the last recovery lets submits go on.
function held.raised_to(counters)
  return tonumber(redis.call('HGET', counters, 'raisedTo') or '-1')
end
