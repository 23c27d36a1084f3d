-- Marks the queues of a paused account as paused again if that was lost. Checking the pause in the same atomic step keeps
-- it from undoing a resume.
--
-- KEYS  1 paused
--       2, 3 meta of a queue
-- ARGV  none
-- Result  isPaused (1 or 0)

local PAUSED = KEYS[1]

if redis.call('EXISTS', PAUSED) == 0 then return { 'isPaused', 0 } end
for i = 2, #KEYS do redis.call('HSET', KEYS[i], 'paused', 1) end
return { 'isPaused', 1 }
