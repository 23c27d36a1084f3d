-- Puts rows into a batch. A row that is there already is left alone, so the call may be repeated.
--
-- KEYS  1 ledger
-- ARGV  1 batch id
--       2, 6, … number of a row
--       3, 7, … its CustSpaceId
--       4, 8, … its fingerprint
--       5, 9, … its input (JSON)
-- Result  verdict: 'enrolled', 'gone' (there is no such batch), or 'sealed' (it takes no more rows)
--         needed: the numbers of those rows of the call that are pending now; exactly these need a job

local BATCH = ARGV[1]
local ARGUMENTS_BEFORE_ROWS, ARGUMENTS_PER_ROW = 1, 4

local facts = ledger.read_facts(BATCH)
if not facts or facts.purging then return { 'verdict', 'gone', 'needed', {} } end

local function read_arguments()
  local rows, numbers, customers = {}, {}, {}
  for i = ARGUMENTS_BEFORE_ROWS + 1, #ARGV, ARGUMENTS_PER_ROW do
    numbers[#numbers + 1], customers[#customers + 1] = ARGV[i], ARGV[i + 1]
    rows[#rows + 1] = { row = ARGV[i], custSpaceId = ARGV[i + 1], fingerprint = ARGV[i + 2], input = ARGV[i + 3] }
  end
  return rows, numbers, customers
end

-- Decides a row of whose customer something is known.
local function decide(record, place)
  if facts.cancelled then return ledger.apply(record, 'cancelled') end
  local outcome, fact = ledger.decide(record, place)
  if outcome == 'waiting' and ledger.yields(fact, facts, record) then
    ledger.yield(record.custSpaceId, fact, place)
    outcome, fact = 'pending', nil
  end
  ledger.apply(record, outcome, fact)
end

local rows, numbers, customers = read_arguments()
if #rows == 0 then return { 'verdict', 'enrolled', 'needed', {} } end
local stored = redis.call('HMGET', ledger.batch_key(BATCH, 'rows'), unpack(numbers))
local claims = redis.call('HMGET', ledger.key('claims'), unpack(customers))
local submitted = redis.call('HMGET', ledger.key('submitted'), unpack(customers))
local parked = redis.call('HMGET', ledger.key('parked'), unpack(customers))
local known = redis.call('HMGET', ledger.key('rowsOf'), unpack(customers))
local order = ledger.next('order', #rows) - #rows

local needed, added, last, seen = {}, 0, 0, {}
-- Written together at the end, because most rows are plain: nothing is known of their customers.
local plain = { records = {}, claims = {}, places = {}, count = 0 }
local inputs = {}

local function append(list, field, value)
  list[#list + 1], list[#list + 2] = field, value
end

local function set_all(key, list)
  if #list > 0 then redis.call('HSET', key, unpack(list)) end
end

local function write_plain()
  set_all(ledger.batch_key(BATCH, 'rows'), plain.records)
  set_all(ledger.key('claims'), plain.claims)
  set_all(ledger.key('rowsOf'), plain.places)
  redis.call('HINCRBY', ledger.batch_key(BATCH), 'pending', plain.count)
  plain = { records = {}, claims = {}, places = {}, count = 0 }
end

local function add_plain(row, record, place)
  append(plain.records, row.row, cjson.encode(record))
  append(plain.claims, row.custSpaceId, place)
  redis.call('SETBIT', ledger.batch_key(BATCH, 'is:pending'), row.row, 1)
  plain.count = plain.count + 1
end

local function add_decided(row, record, place)
  decide(record, place)
  ledger.add_row(BATCH, row.row, record)
  if record.outcome == 'pending' then ledger.give_claim(row.custSpaceId, place) end
  if record.outcome == 'waiting' then ledger.add_to_list('waiters', row.custSpaceId, place) end
end

local function add(i, row)
  local place = ledger.place(BATCH, row.row)
  local record = {
    outcome = 'pending', at = NOW, custSpaceId = row.custSpaceId, fingerprint = row.fingerprint, order = order + i,
  }
  local is_seen = seen[row.custSpaceId]
  if is_seen then write_plain() end
  if facts.cancelled or claims[i] or submitted[i] or parked[i] or is_seen then
    add_decided(row, record, place)
  else
    add_plain(row, record, place)
  end
  if known[i] or is_seen then
    ledger.add_to_list('rowsOf', row.custSpaceId, place)
  else
    append(plain.places, row.custSpaceId, place)
  end
  append(inputs, row.row, row.input)
  seen[row.custSpaceId] = true
  added, last = added + 1, math.max(last, tonumber(row.row))
  return record.outcome
end

-- Rows of an import that was cancelled meanwhile still come; single customers begin another batch instead.
local may_still_come = facts.kind == 'import' and (facts.cancelled or redis.call('HGET', ledger.batch_key(BATCH), 'sealedBy'))
local is_closed = facts.sealed and not may_still_come
for i, row in ipairs(rows) do
  local outcome
  if stored[i] then
    outcome = cjson.decode(stored[i]).outcome
  elseif is_closed then
    return { 'verdict', 'sealed', 'needed', {} }
  else
    outcome = add(i, row)
  end
  if outcome == 'pending' then needed[#needed + 1] = row.row end
end

if added > 0 then
  write_plain()
  set_all(ledger.batch_key(BATCH, 'inputs'), inputs)
  local before = tonumber(redis.call('HGET', ledger.batch_key(BATCH), 'lastRow') or '0')
  redis.call('HINCRBY', ledger.batch_key(BATCH), 'total', added)
  redis.call('HSET', ledger.batch_key(BATCH), 'lastRow', math.max(before, last))
  ledger.follow(BATCH)
end
return { 'verdict', 'enrolled', 'needed', needed }
