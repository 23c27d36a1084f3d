-- Adds an entry to the history of a batch, unless the batch is gone.
--
-- KEYS  1 ledger
-- ARGV  1 batch id
--       2 entry (JSON)
--       3 entries kept at most
-- Result  isNoted (1 or 0)

if not ledger.read_facts(ARGV[1]) then return { 'isNoted', 0 } end
local entry = cjson.decode(ARGV[2])
entry.at = NOW
local log = ledger.batch_key(ARGV[1], 'log')
redis.call('RPUSH', log, cjson.encode(entry))
redis.call('LTRIM', log, -tonumber(ARGV[3]), -1)
return { 'isNoted', 1 }
