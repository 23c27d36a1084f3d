-- Registers the access key of an account name, and frees the others that this name has.
--
-- KEYS  1 names by key (a hash)
-- ARGV  1 the key; '' to have none
--       2 the name
--       3 a name that is known to have another key by now; '' for none
-- Result  holder (the name that has the key, now or still)

local NAMES = KEYS[1]
local KEY, NAME, GONE = ARGV[1], ARGV[2], ARGV[3]

local holder = redis.call('HGET', NAMES, KEY)
if holder and holder ~= NAME and holder ~= GONE then return { 'holder', holder } end
local all = redis.call('HGETALL', NAMES)
for index = 1, #all, 2 do
  if all[index + 1] == NAME and all[index] ~= KEY then redis.call('HDEL', NAMES, all[index]) end
end
if KEY ~= '' then redis.call('HSET', NAMES, KEY, NAME) end
return { 'holder', NAME }
