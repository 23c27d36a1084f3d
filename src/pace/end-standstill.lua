-- Ends a time in which nothing could be sent for an account, and notes it: in one step, so that whoever asks finds it
-- either going on or noted.
--
-- KEYS  1 what goes on: a hash with the field 'since', or just since when (ms since 1970)
--       2 times in which nothing could be sent
-- ARGV  1 how long such times are kept (ms)
-- Result  hasEnded (1 or 0; 0 if nothing was going on)

local CURRENT, STANDSTILLS = KEYS[1], KEYS[2]
local KEPT_MS = ARGV[1]

local function read_since()
  if redis.call('TYPE', CURRENT).ok == 'hash' then return redis.call('HGET', CURRENT, 'since') end
  return redis.call('GET', CURRENT)
end

local since = read_since()
if redis.call('DEL', CURRENT) == 0 then return { 'hasEnded', 0 } end
if since then
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('ZADD', STANDSTILLS, string.format('%.0f', now), since .. '-' .. string.format('%.0f', now))
  redis.call('ZREMRANGEBYSCORE', STANDSTILLS, '-inf', string.format('%.0f', now - KEPT_MS))
end
return { 'hasEnded', 1 }
