-- Notes that the peer properly answered an operation, whatever it said: that ends the outage of that operation.
--
-- KEYS  1 failures of the operation  2 outage  3 start of the last ended outage  4 rows submitted during the outage
--       5 times in which nothing could be sent
-- ARGV  1 operation; '' ends an outage of any operation
--       2 an outage that resumes within this time (ms) is still the same one
--       3 how long an account's standstills are kept (ms)
-- Result  hasEnded (1 or 0), since (ms since 1970; 0 if none has ended)

local FAILURES, OUTAGE, LAST, SPENT, STANDSTILLS = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local OPERATION, SAME_WITHIN_MS, KEPT_MS = ARGV[1], ARGV[2], ARGV[3]

redis.call('DEL', FAILURES)
local open = redis.call('HMGET', OUTAGE, 'operation', 'since', 'opened')
local operation, since, opened = open[1], open[2], open[3]
if not operation or (OPERATION ~= '' and operation ~= OPERATION) then return { 'hasEnded', 0, 'since', 0 } end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('DEL', OUTAGE)
redis.call('SET', LAST, since, 'PX', SAME_WITHIN_MS)
redis.call('PEXPIRE', SPENT, SAME_WITHIN_MS)
redis.call('ZADD', STANDSTILLS, string.format('%.0f', now), opened .. '-' .. string.format('%.0f', now))
redis.call('ZREMRANGEBYSCORE', STANDSTILLS, '-inf', string.format('%.0f', now - KEPT_MS))
return { 'hasEnded', 1, 'since', tonumber(since) }
