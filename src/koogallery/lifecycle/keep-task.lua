-- Keeps an attempt in progress for longer.
--
-- KEYS  1 channel
-- ARGV  1 instance
--       2 token of the attempt
--       3 how long from now (ms)
-- Result  isHeld: 1; or 0 if it was lost, and may have been begun again elsewhere

local ID, TOKEN, HOLD_MS = ARGV[1], ARGV[2], tonumber(ARGV[3])
local LEASE = channel.instance_key(ID, 'lease')

if redis.call('GET', LEASE) ~= TOKEN then return { 'isHeld', 0 } end
redis.call('PEXPIRE', LEASE, HOLD_MS)
redis.call('ZADD', channel.key('due'), channel.whole(NOW + HOLD_MS), ID)
return { 'isHeld', 1 }
