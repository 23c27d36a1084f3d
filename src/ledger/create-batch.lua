-- Records a batch before its first row, or finds the unfinished import of the same rows.
--
-- KEYS  1 ledger
-- ARGV  1 batch id
--       2 identity of its rows, by which importing them again finds this import; '' for none
--       3 request that wants it, by which its repetition finds the batch, finished or not; '' for none
--       4 how long it does (s)
--       5 first entry of its history (JSON)
--       6, 8, … field of the batch
--       7, 9, … its value
-- Result  id (of the batch from now on), isNew (1 or 0)

local ID, SOURCE, REQUEST, KEPT_S, BEGUN = unpack(ARGV, 1, 5)

local function find_unfinished()
  local id = SOURCE ~= '' and redis.call('HGET', ledger.key('sources'), SOURCE)
  local facts = id and ledger.read_facts(id)
  return facts and not facts.sealed and not facts.purging and id
end

local function find_requested()
  local id = REQUEST ~= '' and redis.call('GET', ledger.key('request:' .. REQUEST))
  return id and ledger.read_facts(id) and id
end

local function note_request(id)
  if REQUEST ~= '' then redis.call('SET', ledger.key('request:' .. REQUEST), id, 'EX', KEPT_S) end
end

local known = find_requested() or find_unfinished()
if known then
  note_request(known)
  -- Nobody else gives a batch this id: the answer to its caller was lost, and the client has asked again.
  return { 'id', known, 'isNew', known == ID and 1 or 0 }
end
if redis.call('EXISTS', ledger.batch_key(ID), ledger.key('gone:' .. ID)) > 0 then return { 'id', '', 'isNew', 0 } end
redis.call('HSET', ledger.batch_key(ID), 'id', ID, 'created', ledger.whole(NOW), unpack(ARGV, 6))
redis.call('ZADD', ledger.key('batches'), ledger.whole(NOW), ID)
if SOURCE ~= '' then
  redis.call('HSET', ledger.key('sources'), SOURCE, ID)
  redis.call('HSET', ledger.batch_key(ID), 'sourceKey', SOURCE)
end
note_request(ID)
ledger.note(ID, cjson.decode(BEGUN))
return { 'id', ID, 'isNew', 1 }
