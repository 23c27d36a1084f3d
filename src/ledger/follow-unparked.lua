-- Tells further rows that one is no longer parked; see `parked.lua`.
--
-- KEYS  1 ledger
-- ARGV  1 place of the row that was parked
-- Result  left (rows that were not told yet)

local noted = redis.call('HGET', ledger.key('unparked'), ARGV[1])
return { 'left', noted and ledger.follow_unparked(ARGV[1], cjson.decode(noted)) or 0 }
