-- Passes the turn to probe whether an outage is over to the next row, if this one still has it.
--
-- KEYS  1 outage
-- ARGV  1 row
-- Result  wasOurs (1 or 0)

local OUTAGE, ROW = KEYS[1], ARGV[1]

if redis.call('HGET', OUTAGE, 'prober') ~= ROW then return { 'wasOurs', 0 } end
local time = redis.call('TIME')
redis.call('HSET', OUTAGE, 'prober', '', 'nextProbe', string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)))
return { 'wasOurs', 1 }
