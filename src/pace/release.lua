-- Ends the hold of a recovery, and with it the time in which nothing could be sent, unless a person has paused the account
-- too: then it goes on. In one step: a person who pauses it in between would be overruled.
--
-- KEYS  1 paused
--       2 counters of the ledger
--       3 times in which nothing could be sent
--       4, 5, … of each queue: where BullMQ marks that it is paused, and what wakes its workers
-- ARGV  1 names the recovery, as in `begin-recovery.lua`
--       2 to which number it raised the submits
--       3 who recovers
--       4 why the account is held if Redis has gone back once more
--       5 how long such times are kept (ms)
-- Result  left: 'nothing'
--               'pause': a person has paused the account
--               'hold': another holds the account by now: another recovery, or whoever saw Redis go back once more
--               'forgotten': Redis went back once more, and lacks what this recovery did; the account is held

local PAUSED, COUNTERS, STANDSTILLS, FIRST_QUEUE = KEYS[1], KEYS[2], KEYS[3], 4
local TOKEN, RAISED, BY, WENT_BACK, KEPT_MS = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5]

if held.raised_to(COUNTERS) < RAISED then
  held.until_recovered(PAUSED, BY, WENT_BACK, RAISED)
  return { 'left', 'forgotten' }
end
if redis.call('HEXISTS', PAUSED, 'why') == 1 and redis.call('HGET', PAUSED, 'token') ~= TOKEN then
  return { 'left', 'hold' }
end
redis.call('HDEL', PAUSED, 'why', 'heldAt', 'token', 'last')
if redis.call('HEXISTS', PAUSED, 'person') == 1 then return { 'left', 'pause' } end
end_pause(PAUSED, STANDSTILLS, KEPT_MS, FIRST_QUEUE)
return { 'left', 'nothing' }
