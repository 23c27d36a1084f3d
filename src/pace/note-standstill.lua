-- Notes that nothing could be sent for an account from a given time until now.
--
-- KEYS  1 times in which nothing could be sent
-- ARGV  1 since (ms since 1970)
--       2 how long such times are kept (ms)
-- Result  until (ms since 1970)

local STANDSTILLS, SINCE, KEPT_MS = KEYS[1], ARGV[1], ARGV[2]

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', STANDSTILLS, string.format('%.0f', now), SINCE .. '-' .. string.format('%.0f', now))
redis.call('ZREMRANGEBYSCORE', STANDSTILLS, '-inf', string.format('%.0f', now - KEPT_MS))
return { 'until', now }
