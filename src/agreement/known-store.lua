-- Notes which agreement store an account uses, unless that is known already.
--
-- KEYS  1 store of the account
-- ARGV  1 id of the store
--       2 where it is, for people
--       3 name of the account in the store
-- Result  id, place, user: what is known now

local STORE = KEYS[1]
local ID, PLACE, USER = ARGV[1], ARGV[2], ARGV[3]

if redis.call('EXISTS', STORE) == 0 then redis.call('HSET', STORE, 'id', ID, 'place', PLACE, 'user', USER) end
local known = redis.call('HMGET', STORE, 'id', 'place', 'user')
return { 'id', known[1], 'place', known[2], 'user', known[3] }
