-- Writes a new state of a pace if nobody else did since it was read.
--
-- KEYS  1 pace
-- ARGV  1 version that was read
--       2, 4, … field
--       3, 5, … its value
-- Result  isWritten: 1, or 0 if another process was faster

local PACE, VERSION = KEYS[1], ARGV[1]

if redis.call('HGET', PACE, 'version') ~= VERSION then return { 'isWritten', 0 } end
for i = 2, #ARGV, 2 do redis.call('HSET', PACE, ARGV[i], ARGV[i + 1]) end
redis.call('HINCRBY', PACE, 'version', 1)
return { 'isWritten', 1 }
