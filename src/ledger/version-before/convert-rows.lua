-- Takes over rows of the version before, each of them once: a row that is there already is left alone.
--
-- KEYS  1 ledger
-- ARGV  1 batch id
--       2, 5, … number of a row
--       3, 6, … its record (JSON), with CustSpaceId and fingerprint
--       4, 7, … its input (JSON)
-- Result  converted: how many

local BATCH = ARGV[1]
local ARGUMENTS_BEFORE_ROWS, ARGUMENTS_PER_ROW = 1, 3

-- The version before called a row `unchanged` too if another row with the same data was only on its way.
local function check_unchanged(record, place)
  local outcome, fact = ledger.decide(record, place)
  if outcome == 'pending' then
    record.outcome, record.code, record.class = 'failed', 'NEVER_SUBMITTED', 'unknown'
  else
    ledger.apply(record, outcome, fact)
  end
  if record.outcome == 'waiting' then ledger.add_to_list('waiters', record.custSpaceId, place) end
end

local function note_success(record, place)
  local known = ledger.submitted_of(record.custSpaceId)
  if known and known.seq > record.seq then return end
  redis.call('HSET', ledger.key('submitted'), record.custSpaceId, cjson.encode({
    place = place, at = record.at, seq = record.seq, order = record.order, fingerprint = record.fingerprint,
    generation = record.generation, requestId = record.requestId, count = known and known.count or 1,
  }))
end

-- Newer data of the customer was submitted: that the row is older cannot be seen from its number.
local function is_replaced(record)
  local submitted = ledger.submitted_of(record.custSpaceId)
  if record.outcome ~= 'failed' and record.outcome ~= 'cancelled' then return false end
  return submitted and submitted.fingerprint ~= record.fingerprint and submitted.at > record.at
end

local function convert(row, record, input)
  local place = ledger.place(BATCH, row)
  record.order = ledger.next('order')
  if record.outcome == 'unchanged' then
    check_unchanged(record, place)
  elseif record.outcome == 'submitted' then
    note_success(record, place)
  elseif record.parked then
    ledger.park(record.custSpaceId, place, record)
  elseif ACTIVE[record.outcome] and not ledger.claim_of(record.custSpaceId) then
    ledger.give_claim(record.custSpaceId, place)
  end
  if is_replaced(record) then record.superseded = true end
  ledger.add_row(BATCH, row, record)
  redis.call('HSET', ledger.batch_key(BATCH, 'inputs'), row, input)
  ledger.add_to_list('rowsOf', record.custSpaceId, place)
end

local converted, last = 0, tonumber(redis.call('HGET', ledger.batch_key(BATCH), 'lastRow') or '0')
for i = ARGUMENTS_BEFORE_ROWS + 1, #ARGV, ARGUMENTS_PER_ROW do
  local row = ARGV[i]
  if not ledger.read_row(BATCH, row) then
    convert(row, cjson.decode(ARGV[i + 1]), ARGV[i + 2])
    redis.call('HINCRBY', ledger.batch_key(BATCH), 'total', 1)
    converted = converted + 1
  end
  last = math.max(last, tonumber(row))
end
redis.call('HSET', ledger.batch_key(BATCH), 'lastRow', last)
ledger.follow(BATCH)
return { 'converted', converted }
