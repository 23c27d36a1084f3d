-- Holds an account until somebody recovers it, unless that was done since: the numbers of submits go on above all that were
-- given before, and what whoever holds it has seen is settled. In one step, so that no hold comes after the recovery that
-- answers it.
--
-- KEYS  1 paused
--       2 counters of the ledger
-- ARGV  1 who holds it
--       2 why
--       3 the highest number of a submit that was seen
--       4 when that was noted in the agreement store (ms since 1970), '' if it is not known
-- Result  isHeld (1 or 0)

local PAUSED, COUNTERS = KEYS[1], KEYS[2]
local BY, WHY, LAST, LAST_AT = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]

if held.raised_to(COUNTERS) > LAST then return { 'isHeld', 0 } end
held.until_recovered(PAUSED, BY, WHY, LAST)
if LAST_AT ~= '' then redis.call('HSET', PAUSED, 'lastAt', LAST_AT) end
return { 'isHeld', 1 }
