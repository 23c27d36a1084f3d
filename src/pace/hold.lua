-- Holds an account until somebody recovers it, unless that was done since: the numbers of submits go on above all that were
-- given before, and what whoever holds it has seen is settled. In one step, so that no hold comes after the recovery that
-- answers it.
--
-- KEYS  1 paused
--       2 counters of the ledger
-- ARGV  1 who holds it
--       2 why
--       3 the highest number of a submit that was seen, '' to hold it in any case
--       4 names this hold for whoever means to release it, '' if only a recovery may
-- Result  isHeld (1 or 0)

local PAUSED, COUNTERS = KEYS[1], KEYS[2]
local BY, WHY, LAST, TOKEN = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]

local raised_to = tonumber(redis.call('HGET', COUNTERS, 'raisedTo') or '-1')
if LAST and raised_to > LAST then return { 'isHeld', 0 } end
-- Whoever paused first stays on record.
redis.call('HSETNX', PAUSED, 'at', clock.whole(NOW))
redis.call('HSETNX', PAUSED, 'by', BY)
redis.call('HSETNX', PAUSED, 'heldAt', clock.whole(NOW))
redis.call('HSET', PAUSED, 'why', WHY, 'token', TOKEN)
return { 'isHeld', 1 }
