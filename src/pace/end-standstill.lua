-- Ends a time in which nothing could be sent for an account, and notes it: in one step, so that whoever asks finds it
-- either going on or noted.
--
-- KEYS  1 what is going on (a hash)
--       2 times in which nothing could be sent
-- ARGV  1 its field that says since when (ms since 1970)
--       2 how long such times are kept (ms)
--       3 a field that keeps it going on, '' for none
-- Result  hasEnded (1 or 0; 0 if nothing was going on)

local CURRENT, STANDSTILLS = KEYS[1], KEYS[2]
local SINCE, KEPT_MS, GUARD = ARGV[1], ARGV[2], ARGV[3]

if GUARD ~= '' and redis.call('HEXISTS', CURRENT, GUARD) == 1 then return { 'hasEnded', 0 } end
return { 'hasEnded', end_standstill(CURRENT, STANDSTILLS, SINCE, KEPT_MS) and 1 or 0 }
