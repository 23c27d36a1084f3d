-- Begins a recovery: holds the account, and raises the number of the next submit above every number that was given before a
-- backup was put back. To the time, since no account makes a thousand submits a second; above what is known elsewhere too,
-- since the clock of this machine may be behind the one that an earlier recovery went by. In one step: a hold between the two
-- would look like one that came later.
--
-- KEYS  1 paused
--       2 counters of the ledger
-- ARGV  1 who recovers
--       2 why it is held
--       3 names this recovery
--       4 the highest number of a submit that is known outside of Redis
--       5 when that was noted (ms since 1970) if Redis knows of no submit at all, '' otherwise
-- Result  raisedTo: the last number from now on

local PAUSED, COUNTERS = KEYS[1], KEYS[2]
local BY, WHY, TOKEN, NOTED, LAST_AT = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5]

held.begin(PAUSED, BY, WHY, TOKEN)
-- This recovery may die, and Redis will know of a submit then.
if LAST_AT ~= '' then redis.call('HSET', PAUSED, 'lastAt', LAST_AT) end
local seq = tonumber(redis.call('HGET', COUNTERS, 'seq') or '0')
local raised = math.max(math.max(seq, NOTED, held.last_seen(PAUSED)) + 1, NOW)
-- `raisedTo` tells whoever finds a lower number too late that it is settled.
redis.call('HSET', COUNTERS, 'seq', clock.whole(raised), 'raisedTo', clock.whole(raised))
return { 'raisedTo', raised }
