-- Lets a paused account go on, unless it is held until somebody recovers it.
--
-- KEYS  1 paused
--       2 times in which nothing could be sent
--       3, 4, … of each queue: where BullMQ marks that it is paused, and what wakes its workers
-- ARGV  1 how long such times are kept (ms)
-- Result  isHeld (1 or 0; 1 if nothing has changed)

local PAUSED, STANDSTILLS, FIRST_QUEUE = KEYS[1], KEYS[2], 3
local KEPT_MS = ARGV[1]

if redis.call('HEXISTS', PAUSED, 'why') == 1 then return { 'isHeld', 1 } end
end_pause(PAUSED, STANDSTILLS, KEPT_MS, FIRST_QUEUE)
return { 'isHeld', 0 }
