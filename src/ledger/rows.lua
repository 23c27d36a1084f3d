-- Included by the scripts that change rows, after `base.lua`: writes a row together with everything that counts it.
-- Needs ACTIVE and STATES.

-- Longest event stream of a batch, in entries; Redis trims it roughly.
local EVENTS_MAX = 10000
-- Different codes that a batch is indexed by; the rest share one index.
local CODES_MAX = 200
local OTHER_CODE = 'OTHER'

function ledger.count_active(batch)
  local sum = 0
  for _, count in ipairs(redis.call('HMGET', ledger.batch_key(batch), unpack(ACTIVE))) do
    sum = sum + tonumber(count or '0')
  end
  return sum
end

-- What people see of a batch: the first state of the list whose conditions all hold.
function ledger.state_of(batch, facts)
  local holds = {
    cancelled = facts.cancelled,
    paused = facts.paused,
    unsealedImport = facts.kind == 'import' and not facts.sealed,
    unsealedStream = facts.kind == 'stream' and not facts.sealed,
    active = ledger.count_active(batch) > 0,
  }
  for _, state in ipairs(STATES) do
    local fits = true
    for i = 2, #state do fits = fits and holds[state[i]] end
    if fits then return state[1] end
  end
end

-- Notes when a batch became finished, and forgets it if it no longer is. To be called after its last change.
function ledger.follow(batch)
  local facts = ledger.read_facts(batch)
  if not facts then return nil end
  local state = ledger.state_of(batch, facts)
  if state == 'finished' then
    redis.call('HSETNX', ledger.batch_key(batch), 'finished', ledger.whole(NOW))
  else
    redis.call('HDEL', ledger.batch_key(batch), 'finished')
  end
  return state
end

local function index_code(batch, row, code, by)
  local codes = ledger.batch_key(batch, 'codes')
  local is_known = redis.call('HEXISTS', codes, code) == 1
  if not is_known and redis.call('HLEN', codes) >= CODES_MAX then code = OTHER_CODE end
  redis.call('HINCRBY', codes, code, by)
  redis.call('SETBIT', ledger.batch_key(batch, 'code:' .. code), row, by == 1 and 1 or 0)
end

-- Adds a row to, or takes it out of, everything that counts it.
local function count(batch, row, record, by)
  redis.call('HINCRBY', ledger.batch_key(batch), record.outcome, by)
  redis.call('SETBIT', ledger.batch_key(batch, 'is:' .. record.outcome), row, by == 1 and 1 or 0)
  -- It went back one step, with the reason; a call that leaves takes the reason away.
  if ACTIVE[record.outcome] and record.code then redis.call('HINCRBY', ledger.batch_key(batch), 'retrying', by) end
  if record.parked then redis.call('HINCRBY', ledger.batch_key(batch), 'parked', by) end
  if record.outcome == 'failed' and record.code then index_code(batch, row, record.code, by) end
end

-- A redrive counts the rows it took; what an earlier one had counted stays, as its history.
local function count_for_redrive(batch, before, record)
  if not record.redrive then return end
  local counter = 'redrive:' .. record.redrive .. ':'
  if record.redrive == before.redrive then redis.call('HINCRBY', ledger.batch_key(batch), counter .. before.outcome, -1) end
  redis.call('HINCRBY', ledger.batch_key(batch), counter .. record.outcome, 1)
end

-- The recurring redrive retries rows that failed for a temporary reason of their own.
local function note_recoverable(batch, row, record)
  local member = ledger.place(batch, row)
  local is_temporary = record.class == 'transient' or record.class == 'account'
  local is_cancelled = redis.call('HEXISTS', ledger.batch_key(batch), 'cancelledAt') == 1
  local is_over = is_cancelled or record.parked or record.lead or record.superseded
  if record.outcome == 'failed' and is_temporary and not is_over then
    redis.call('ZADD', ledger.key('recoverable'), ledger.whole(NOW), member)
  else
    redis.call('ZREM', ledger.key('recoverable'), member)
  end
end

-- A batch pauses itself when more rows in a row than it allows were refused for the same reason.
local function follow_streak(batch, record)
  local key = ledger.batch_key(batch)
  if record.outcome == 'submitted' then redis.call('HDEL', key, 'streakCode', 'streak') end
  local is_refusal = record.class == 'customer' or record.class == 'unknown'
  if record.outcome ~= 'failed' or not is_refusal or record.lead then return end
  local code = record.code or ''
  if redis.call('HGET', key, 'streakCode') ~= code then redis.call('HSET', key, 'streakCode', code, 'streak', 0) end
  local streak = redis.call('HINCRBY', key, 'streak', 1)
  local stored = redis.call('HMGET', key, 'maxFailures', 'pausedAt', 'cancelledAt')
  local max = tonumber(stored[1] or '0')
  if max > 0 and streak > max and not stored[2] and not stored[3] and ledger.count_active(batch) > 0 then
    redis.call('HSET', key, 'pausedAt', ledger.whole(NOW), 'pausedWhy', code)
  end
end

function ledger.put_row(batch, row, record)
  redis.call('HSET', ledger.batch_key(batch, 'rows'), row, cjson.encode(record))
end

-- A new row; `total` and `lastRow` are the caller's.
function ledger.add_row(batch, row, record)
  ledger.put_row(batch, row, record)
  count(batch, row, record, 1)
  if record.outcome == 'failed' then note_recoverable(batch, row, record) end
end

-- Takes a row out of everything; its input is the caller's.
function ledger.remove_row(batch, row, record)
  redis.call('HDEL', ledger.batch_key(batch, 'rows'), row)
  redis.call('ZREM', ledger.key('recoverable'), ledger.place(batch, row))
  redis.call('HINCRBY', ledger.batch_key(batch), 'total', -1)
  count(batch, row, record, -1)
end

-- Writes a row that `change` alters, with everything that counts it.
function ledger.change_row(batch, row, record, change)
  local before = { outcome = record.outcome, parked = record.parked, code = record.code, redrive = record.redrive }
  change(record)
  record.at = NOW
  if record.outcome ~= 'submitting' then record.token, record.process = nil, nil end
  if record.outcome ~= 'failed' then record.parked = nil end
  -- Why it was to be tried again says nothing of a row that is not.
  if record.outcome == 'cancelled' then
    record.code, record.message, record.hint, record.class = nil, nil, nil, nil
  end
  ledger.put_row(batch, row, record)
  local has_moved = before.outcome ~= record.outcome
  if has_moved or before.parked ~= record.parked or before.code ~= record.code then
    count(batch, row, before, -1)
    count(batch, row, record, 1)
  end
  if before.outcome == 'failed' or record.outcome == 'failed' then note_recoverable(batch, row, record) end
  if not has_moved then return end
  count_for_redrive(batch, before, record)
  local event = { 'row', row, 'from', before.outcome, 'to', record.outcome }
  if record.code then event[7], event[8] = 'code', record.code end
  redis.call('XADD', ledger.batch_key(batch, 'events'), 'MAXLEN', '~', EVENTS_MAX, '*', unpack(event))
  if record.outcome == 'failed' or record.outcome == 'submitted' then follow_streak(batch, record) end
  if ACTIVE[before.outcome] ~= ACTIVE[record.outcome] then ledger.follow(batch) end
end

