-- Ends a hold, unless it is another's by now: the ledger went back once more meanwhile, or a second recovery has begun.
--
-- KEYS  1 paused
-- ARGV  1 names the hold, as in `hold.lua`
-- Result  isReleased (1 or 0)

local PAUSED, TOKEN = KEYS[1], ARGV[1]

if redis.call('HGET', PAUSED, 'token') ~= TOKEN then return { 'isReleased', 0 } end
redis.call('HDEL', PAUSED, 'why', 'heldAt', 'token')
return { 'isReleased', 1 }
