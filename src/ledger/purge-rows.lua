-- Deletes a finished batch, some rows at a time; repeated until nothing is left. From the first call on nothing else can
-- be done with the batch. What stays known of its customers is fingerprints.
--
-- KEYS  1 ledger
-- ARGV  1 batch id
--       2 rows at most
--       3 how long it is known that the batch was purged (s)
--       4 who purges
-- Result  verdict: 'done', 'more', 'gone', 'parked' (a person must decide about some of its rows first),
--         or the state that the batch is in, if it is not finished

local BATCH, ROWS_MAX, KNOWN_S, BY = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]
local KEY = ledger.batch_key(BATCH)

local facts = ledger.read_facts(BATCH)
if not facts then
  -- Killed before its last step: only its entry in the index is left.
  redis.call('ZREM', ledger.key('batches'), BATCH)
  return { 'verdict', 'gone' }
end
local state = ledger.state_of(BATCH, facts)
if state ~= 'finished' then return { 'verdict', state } end
if tonumber(redis.call('HGET', KEY, 'parked') or '0') > 0 then return { 'verdict', 'parked' } end
redis.call('HSETNX', KEY, 'purgingAt', ledger.whole(NOW))

local function remove(row)
  local record = ledger.read_row(BATCH, row)
  if not record then return end
  local place = ledger.place(BATCH, row)
  ledger.release_claim(record.custSpaceId, place)
  ledger.drop_from_list('rowsOf', record.custSpaceId, place)
  ledger.remove_row(BATCH, row, record)
  redis.call('HDEL', ledger.batch_key(BATCH, 'inputs'), row)
end

local last = tonumber(redis.call('HGET', KEY, 'lastRow') or '0')
local first = math.max(last - ROWS_MAX + 1, 1)
for row = first, last do remove(row) end
redis.call('HSET', KEY, 'lastRow', first - 1)
if first > 1 then return { 'verdict', 'more' } end

local function drop_everything()
  for _, code in ipairs(redis.call('HKEYS', ledger.batch_key(BATCH, 'codes'))) do
    redis.call('UNLINK', ledger.batch_key(BATCH, 'code:' .. code))
  end
  for _, outcome in ipairs(OUTCOMES) do redis.call('UNLINK', ledger.batch_key(BATCH, 'is:' .. outcome)) end
  for _, part in ipairs({ 'rows', 'inputs', 'codes', 'events', 'log', 'redrives' }) do
    redis.call('UNLINK', ledger.batch_key(BATCH, part))
  end
  redis.call('UNLINK', KEY)
end

redis.call('SET', ledger.key('gone:' .. BATCH), ledger.whole(NOW) .. ' ' .. BY, 'EX', KNOWN_S)
drop_everything()
redis.call('ZREM', ledger.key('batches'), BATCH)
return { 'verdict', 'done' }
