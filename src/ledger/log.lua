-- Adds an entry to the history of a batch, unless the batch is gone.
--
-- KEYS  1 ledger
-- ARGV  1 batch id
--       2 entry (JSON)
-- Result  isNoted (1 or 0)

if not ledger.read_facts(ARGV[1]) then return { 'isNoted', 0 } end
ledger.note(ARGV[1], cjson.decode(ARGV[2]))
return { 'isNoted', 1 }
