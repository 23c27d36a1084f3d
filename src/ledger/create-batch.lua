-- Records a batch before its first row, or finds the unfinished import of the same rows.
--
-- KEYS  1 ledger
-- ARGV  1 batch id
--       2 identity of its rows, by which importing them again finds this import; '' for none
--       3, 5, … field of the batch
--       4, 6, … its value
-- Result  id (of the batch from now on), isNew (1 or 0)

local ID, SOURCE = ARGV[1], ARGV[2]

local function find_unfinished()
  local id = SOURCE ~= '' and redis.call('HGET', ledger.key('sources'), SOURCE)
  local facts = id and ledger.read_facts(id)
  return facts and not facts.sealed and not facts.purging and id
end

local unfinished = find_unfinished()
if unfinished then return { 'id', unfinished, 'isNew', 0 } end
if redis.call('EXISTS', ledger.batch_key(ID), ledger.key('gone:' .. ID)) > 0 then return { 'id', '', 'isNew', 0 } end
redis.call('HSET', ledger.batch_key(ID), 'id', ID, 'created', ledger.whole(NOW), unpack(ARGV, 3))
redis.call('ZADD', ledger.key('batches'), ledger.whole(NOW), ID)
if SOURCE ~= '' then
  redis.call('HSET', ledger.key('sources'), SOURCE, ID)
  redis.call('HSET', ledger.batch_key(ID), 'sourceKey', SOURCE)
end
return { 'id', ID, 'isNew', 1 }
