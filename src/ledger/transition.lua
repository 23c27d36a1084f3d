-- Moves a row to another outcome, with its counters, its customer and its batch, or refuses and changes nothing.
--
-- KEYS  1 batch  2 rows  3 customers  4 events  5 recoverable
-- ARGV  1 row
--       2 outcome to move to
--       3 patch (JSON; null removes a field)
--       4 increments (JSON)
--       5 fence: the token that holds the row, '' for none
--       6 now (ms since 1970)
--       7 CustSpaceId
--       8 fingerprint where a redrive claims the customer again, '' otherwise
-- Result  isMoved (1 or 0), record (JSON: as it is from now on)
-- Error   ONBOARD_NO_ROW

local BATCH, ROWS, CUSTOMERS, EVENTS, RECOVERABLE = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local ROW, TO, FENCE, NOW, CUSTOMER_ID, CLAIM = ARGV[1], ARGV[2], ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local BATCH_ID = string.match(BATCH, '([^:]+)$')
-- Longest event stream of a batch, in entries; Redis trims it roughly.
local EVENTS_MAX = 10000

-- A submit that succeeded is a fact: it is recorded from any outcome that knows nothing of a success, whoever holds the row.
local function is_allowed(record)
  local from = record.outcome
  if TO == 'submitted' and from ~= 'submitted' and from ~= 'unchanged' then return true end
  return ALLOWED[from][TO] and (record.token or '') == FENCE
end

local function read_customer()
  local stored = redis.call('HGET', CUSTOMERS, CUSTOMER_ID)
  return stored and cjson.decode(stored)
end

local function is_of_this_row(customer)
  return customer and customer.batch == BATCH_ID and tostring(customer.row) == ROW
end

-- Whether another batch has, or has done, this customer: a redrive must not get in its way.
local function is_taken(customer)
  if not customer or is_of_this_row(customer) then return false end
  return customer.outcome == 'pending' or (customer.outcome == 'submitted' and customer.fingerprint == CLAIM)
end

local function patch(record)
  for field, value in pairs(cjson.decode(ARGV[3])) do
    if value == cjson.null then record[field] = nil else record[field] = value end
  end
  for field, by in pairs(cjson.decode(ARGV[4])) do record[field] = (record[field] or 0) + by end
  record.outcome = TO
  record.at = tonumber(NOW)
  if TO ~= 'submitting' then record.token = nil end
  if TO ~= 'failed' then record.parked = nil end
end

local function count_parked(was_parked, is_parked)
  if (is_parked or false) ~= (was_parked or false) then redis.call('HINCRBY', BATCH, 'parked', is_parked and 1 or -1) end
end

local function count(from)
  redis.call('HINCRBY', BATCH, from, -1)
  redis.call('HINCRBY', BATCH, TO, 1)
end

-- A redrive counts the rows it took; what an earlier one had counted stays, as its history.
local function count_for_redrive(redrive, from)
  if not redrive then return end
  if CLAIM == '' then redis.call('HINCRBY', BATCH, 'redrive:' .. redrive .. ':' .. from, -1) end
  redis.call('HINCRBY', BATCH, 'redrive:' .. redrive .. ':' .. TO, 1)
end

local function append_event(from)
  redis.call('XADD', EVENTS, 'MAXLEN', '~', EVENTS_MAX, '*', 'row', ROW, 'from', from, 'to', TO)
end

local function write_customer(customer, record)
  customer.outcome = ACTIVE[TO] and 'pending' or TO
  customer.at = record.at
  customer.code = record.code
  customer.attempts = record.attempts
  customer.requestId = record.requestId
  redis.call('HSET', CUSTOMERS, CUSTOMER_ID, cjson.encode(customer))
end

-- The recurring redrive retries rows that failed for a temporary reason.
local function note_recoverable(from, class)
  local member = BATCH_ID .. ' ' .. ROW
  if TO == 'failed' and (class == 'transient' or class == 'account') then
    redis.call('ZADD', RECOVERABLE, NOW, member)
  elseif from == 'failed' then
    redis.call('ZREM', RECOVERABLE, member)
  end
end

-- A batch pauses itself when more rows in a row than it allows were refused for the same reason.
local function follow_streak(record)
  if TO == 'submitted' then redis.call('HDEL', BATCH, 'streakCode', 'streak') end
  if TO ~= 'failed' or not (record.class == 'customer' or record.class == 'unknown') then return end
  if redis.call('HGET', BATCH, 'streakCode') ~= record.code then
    redis.call('HSET', BATCH, 'streakCode', record.code or '', 'streak', 0)
  end
  local streak = redis.call('HINCRBY', BATCH, 'streak', 1)
  local max = tonumber(redis.call('HGET', BATCH, 'maxFailures') or '0')
  if max > 0 and streak > max and redis.call('HGET', BATCH, 'state') == 'running' then
    redis.call('HSET', BATCH, 'state', 'paused', 'pausedWhy', record.code or '')
  end
end

-- The last active row finishes its batch, and a row that becomes active again makes it run.
local function follow_state(from)
  if not ACTIVE[TO] then return finish_if_done(BATCH, NOW) end
  if ACTIVE[from] or redis.call('HGET', BATCH, 'state') ~= 'finished' then return end
  redis.call('HSET', BATCH, 'state', 'running')
  redis.call('HDEL', BATCH, 'finished')
end

local stored = redis.call('HGET', ROWS, ROW)
if not stored then return redis.error_reply('ONBOARD_NO_ROW') end
local record = cjson.decode(stored)
if not is_allowed(record) then return { 'isMoved', 0, 'record', stored } end
local customer = read_customer()
if CLAIM ~= '' then
  if is_taken(customer) then return { 'isMoved', 0, 'record', stored } end
  customer = { fingerprint = CLAIM, batch = BATCH_ID, row = tonumber(ROW) }
end

local from, was_parked = record.outcome, record.parked
patch(record)
local text = cjson.encode(record)
redis.call('HSET', ROWS, ROW, text)
count_parked(was_parked, record.parked)
if from ~= TO then
  count(from)
  count_for_redrive(record.redrive, from)
  append_event(from)
  if is_of_this_row(customer) then write_customer(customer, record) end
  note_recoverable(from, record.class)
  follow_streak(record)
  follow_state(from)
end
return { 'isMoved', 1, 'record', text }
