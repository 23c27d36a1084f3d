-- Holds an account until somebody recovers it, unless that was done since: the numbers of submits go on above all that were
-- given before, and what whoever holds it has seen is settled. In one step, so that no hold comes after the recovery that
-- answers it.
--
-- KEYS  1 paused
--       2 counters of the ledger
-- ARGV  1 who holds it
--       2 why
--       3 the highest number of a submit that was seen
-- Result  isHeld (1 or 0)

local PAUSED, COUNTERS = KEYS[1], KEYS[2]
local BY, WHY, LAST = ARGV[1], ARGV[2], tonumber(ARGV[3])

if held.raised_to(COUNTERS) > LAST then return { 'isHeld', 0 } end
held.until_recovered(PAUSED, BY, WHY, LAST)
return { 'isHeld', 1 }
