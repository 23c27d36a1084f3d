-- When the peer last answered any process of the account.
--
-- KEYS  1 contacts
-- ARGV  1 host that was called (field)
--       2 1 if it has just answered, 0 to ask only
-- Result  now, last (ms since 1970 by the clock of Redis; last is 0 if nothing is known)

local CONTACTS = KEYS[1]
local HOST, HAS_ANSWERED = ARGV[1], ARGV[2] == '1'

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if HAS_ANSWERED then redis.call('HSET', CONTACTS, HOST, string.format('%.0f', now)) end
return { 'now', now, 'last', tonumber(redis.call('HGET', CONTACTS, HOST) or '0') }
