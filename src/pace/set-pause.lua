-- Pauses an account for a person. Whoever paused first stays on record, of the pause and of those by people; the queues are
-- marked in the same step, so that no death leaves queues paused by nobody.
--
-- KEYS  1 paused
--       2, 3, … of each queue: where BullMQ marks that it is paused
-- ARGV  1 who pauses
-- Result  isPaused (1)

local PAUSED, BY = KEYS[1], ARGV[1]

for field, value in pairs({ at = clock.whole(NOW), by = BY, person = BY, personAt = clock.whole(NOW) }) do
  redis.call('HSETNX', PAUSED, field, value)
end
for i = 2, #KEYS do redis.call('HSET', KEYS[i], 'paused', '1') end
return { 'isPaused', 1 }
