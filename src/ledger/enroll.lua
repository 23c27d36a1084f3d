-- Puts rows into a batch. A row that is there already is left alone, so the call may be repeated.
--
-- KEYS  1 batch  2 rows  3 inputs  4 customers
-- ARGV  1 batch id
--       2 now (ms since 1970)
--       3, 7, …  number of a row
--       4, 8, …  its CustSpaceId
--       5, 9, …  its fingerprint
--       6, 10, … its input (JSON)
-- Result  needed: the numbers of those rows of the call that are pending now; exactly these need a job

local BATCH, ROWS, INPUTS, CUSTOMERS = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local BATCH_ID, NOW = ARGV[1], tonumber(ARGV[2])
local ARGUMENTS_BEFORE_ROWS, ARGUMENTS_PER_ROW = 2, 4

local function claim_customer(row, id, fingerprint)
  local customer = { fingerprint = fingerprint, outcome = 'pending', batch = BATCH_ID, row = tonumber(row), at = NOW }
  redis.call('HSET', CUSTOMERS, id, cjson.encode(customer))
end

-- The record of a new row: whoever has its customer already decides what becomes of it.
local function decide(id, fingerprint)
  local record = { outcome = 'pending', at = NOW }
  local stored = redis.call('HGET', CUSTOMERS, id)
  local customer = stored and cjson.decode(stored)
  if not customer then return record end
  local is_pending = customer.outcome == 'pending'
  if customer.fingerprint == fingerprint and (customer.outcome == 'submitted' or is_pending) then
    record.outcome = 'unchanged'
    record.batch = customer.batch
    record.requestId = customer.requestId
  elseif is_pending then
    record.outcome = 'failed'
    record.code = 'CUSTOMER_BUSY'
    record.class = 'customer'
    record.message = 'The customer is pending in batch ' .. customer.batch .. ' with other data.'
  end
  return record
end

local function add_row(row, id, fingerprint, input)
  local record = decide(id, fingerprint)
  if record.outcome == 'pending' then claim_customer(row, id, fingerprint) end
  redis.call('HSET', ROWS, row, cjson.encode(record))
  redis.call('HSET', INPUTS, row, input)
  return record.outcome
end

local function count(counts, added, last)
  if added == 0 then return end
  redis.call('HINCRBY', BATCH, 'total', added)
  redis.call('HSET', BATCH, 'lastRow', last)
  for outcome, rows in pairs(counts) do redis.call('HINCRBY', BATCH, outcome, rows) end
end

local needed, counts, added, last = {}, {}, 0, 0
for i = ARGUMENTS_BEFORE_ROWS + 1, #ARGV, ARGUMENTS_PER_ROW do
  local row = ARGV[i]
  local stored = redis.call('HGET', ROWS, row)
  local outcome
  if stored then
    outcome = cjson.decode(stored).outcome
  else
    outcome = add_row(row, ARGV[i + 1], ARGV[i + 2], ARGV[i + 3])
    counts[outcome] = (counts[outcome] or 0) + 1
    added = added + 1
    last = math.max(last, tonumber(row))
  end
  if outcome == 'pending' then needed[#needed + 1] = row end
end
count(counts, added, last)
return { 'needed', needed }
