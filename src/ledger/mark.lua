-- Included by the scripts that move a row. Needs ACTIVE, ALLOWED and `finish-if-done.lua`.
--
-- A move is a table:
--   batch, rows, customers, events, recoverable  keys
--   row, to (outcome)
--   patch (JSON; null removes a field), add (JSON: increments)
--   fence (token that holds the row, '' for none), now (ms since 1970), customer (CustSpaceId)
--   claim (fingerprint where a redrive claims the customer again, '' otherwise)
--
-- read_movable(move)  changes nothing; returns the record to move (nil if the move is refused), its JSON, and the customer;
--                     the JSON too is nil where there is no such row
-- mark_row(move, record, customer)  moves it, with its counters, its customer and its batch; returns its JSON from now on

-- Longest event stream of a batch, in entries; Redis trims it roughly.
local EVENTS_MAX = 10000

local function batch_id_of(move)
  return string.match(move.batch, '([^:]+)$')
end

-- A submit that succeeded is a fact: it is recorded from any outcome that knows nothing of a success, whoever holds the row.
local function is_allowed(move, record)
  local from = record.outcome
  if move.to == 'submitted' and from ~= 'submitted' and from ~= 'unchanged' then return true end
  return ALLOWED[from][move.to] and (record.token or '') == move.fence
end

local function is_of_this_row(move, customer)
  return customer and customer.batch == batch_id_of(move) and tostring(customer.row) == move.row
end

-- Whether another batch has, or has done, this customer: a redrive must not get in its way.
local function is_taken(move, customer)
  if not customer or is_of_this_row(move, customer) then return false end
  return customer.outcome == 'pending' or (customer.outcome == 'submitted' and customer.fingerprint == move.claim)
end

local function read_movable(move)
  local stored = redis.call('HGET', move.rows, move.row)
  if not stored then return nil end
  local record = cjson.decode(stored)
  if not is_allowed(move, record) then return nil, stored end
  local found = redis.call('HGET', move.customers, move.customer)
  local customer = found and cjson.decode(found)
  if move.claim == '' then return record, stored, customer end
  if is_taken(move, customer) then return nil, stored end
  return record, stored, { fingerprint = move.claim, batch = batch_id_of(move), row = tonumber(move.row) }
end

local function patch_record(move, record)
  for field, value in pairs(cjson.decode(move.patch)) do
    if value == cjson.null then record[field] = nil else record[field] = value end
  end
  for field, by in pairs(cjson.decode(move.add)) do record[field] = (record[field] or 0) + by end
  record.outcome = move.to
  record.at = tonumber(move.now)
  if move.to ~= 'submitting' then record.token = nil end
  if move.to ~= 'failed' then record.parked = nil end
end

local function count_parked(move, was_parked, is_parked)
  if (is_parked or false) ~= (was_parked or false) then
    redis.call('HINCRBY', move.batch, 'parked', is_parked and 1 or -1)
  end
end

local function count(move, from)
  redis.call('HINCRBY', move.batch, from, -1)
  redis.call('HINCRBY', move.batch, move.to, 1)
end

-- A redrive counts the rows it took; what an earlier one had counted stays, as its history.
local function count_for_redrive(move, redrive, from)
  if not redrive then return end
  if move.claim == '' then redis.call('HINCRBY', move.batch, 'redrive:' .. redrive .. ':' .. from, -1) end
  redis.call('HINCRBY', move.batch, 'redrive:' .. redrive .. ':' .. move.to, 1)
end

local function append_event(move, from)
  redis.call('XADD', move.events, 'MAXLEN', '~', EVENTS_MAX, '*', 'row', move.row, 'from', from, 'to', move.to)
end

local function write_customer(move, customer, record)
  customer.outcome = ACTIVE[move.to] and 'pending' or move.to
  customer.at = record.at
  customer.code = record.code
  customer.attempts = record.attempts
  customer.requestId = record.requestId
  redis.call('HSET', move.customers, move.customer, cjson.encode(customer))
end

-- The recurring redrive retries rows that failed for a temporary reason.
local function note_recoverable(move, from, class)
  local member = batch_id_of(move) .. ' ' .. move.row
  if move.to == 'failed' and (class == 'transient' or class == 'account') then
    redis.call('ZADD', move.recoverable, move.now, member)
  elseif from == 'failed' then
    redis.call('ZREM', move.recoverable, member)
  end
end

-- A batch pauses itself when more rows in a row than it allows were refused for the same reason.
local function follow_streak(move, record)
  local batch = move.batch
  if move.to == 'submitted' then redis.call('HDEL', batch, 'streakCode', 'streak') end
  if move.to ~= 'failed' or not (record.class == 'customer' or record.class == 'unknown') then return end
  if redis.call('HGET', batch, 'streakCode') ~= record.code then
    redis.call('HSET', batch, 'streakCode', record.code or '', 'streak', 0)
  end
  local streak = redis.call('HINCRBY', batch, 'streak', 1)
  local max = tonumber(redis.call('HGET', batch, 'maxFailures') or '0')
  if max > 0 and streak > max and redis.call('HGET', batch, 'state') == 'running' then
    redis.call('HSET', batch, 'state', 'paused', 'pausedWhy', record.code or '')
  end
end

-- The last active row finishes its batch, and a row that becomes active again makes it run.
local function follow_state(move, from)
  if not ACTIVE[move.to] then return finish_if_done(move.batch, move.now) end
  if ACTIVE[from] or redis.call('HGET', move.batch, 'state') ~= 'finished' then return end
  redis.call('HSET', move.batch, 'state', 'running')
  redis.call('HDEL', move.batch, 'finished')
end

local function mark_row(move, record, customer)
  local from, was_parked = record.outcome, record.parked
  patch_record(move, record)
  local text = cjson.encode(record)
  redis.call('HSET', move.rows, move.row, text)
  count_parked(move, was_parked, record.parked)
  if from ~= move.to then
    count(move, from)
    count_for_redrive(move, record.redrive, from)
    append_event(move, from)
    if is_of_this_row(move, customer) then write_customer(move, customer, record) end
    note_recoverable(move, from, record.class)
    follow_streak(move, record)
    follow_state(move, from)
  end
  return text
end
