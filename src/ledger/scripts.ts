/**
 * The Lua scripts of the ledger. Each that writes moves a row and its counters in one step, so the outcomes of a
 * batch sum to its rows at every moment, whatever is killed when.
 */
import { OUTCOMES, TRANSITIONS } from './outcome.ts';

const luaSet = (names: readonly string[]) => `{${names.map((name) => `['${name}']=true`).join(',')}}`;
const luaTransitions = OUTCOMES.map((from) => `['${from}']=${luaSet(TRANSITIONS[from])}`).join(',');

/** Longest event stream of a batch, in entries (trimmed approximately). */
const EVENTS_MAX = 10_000;

const SHARED = `
local ACTIVE = ${luaSet(['pending', 'uploading', 'uploaded', 'submitting'])}
local function finishIfDone(batch, now)
  local state = redis.call('HGET', batch, 'state')
  if state == 'enqueuing' or state == 'finished' then return end
  local counts = redis.call('HMGET', batch, 'pending', 'uploading', 'uploaded', 'submitting')
  for _, count in ipairs(counts) do if tonumber(count or '0') ~= 0 then return end end
  redis.call('HSET', batch, 'state', 'finished', 'finished', now)
end
`;

/**
 * KEYS  batch, rows, customers, events, recoverable
 * ARGV  row, to, patch (JSON; null removes a field), increments (JSON), fence (the token that holds the row, '' for none),
 *       now (ms), CustSpaceId, fingerprint (only for a redrive, which claims the customer again)
 * Returns {1, record}, or {0, record} where the transition is not allowed from the outcome the row has now.
 * A submit that succeeded is a fact: it is recorded from any outcome that is not already \`submitted\`.
 */
export const TRANSITION_SCRIPT = `${SHARED}
local ALLOWED = {${luaTransitions}}
local batch, rows, customers, events, recoverable = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local row, to, fence, now, id, fingerprint = ARGV[1], ARGV[2], ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local batchId = string.match(batch, '([^:]+)$')
local stored = redis.call('HGET', rows, row)
if not stored then return redis.error_reply('ONBOARD_NO_ROW') end
local record = cjson.decode(stored)
local from = record.outcome
local isFact = to == 'submitted' and from ~= 'submitted' and from ~= 'unchanged'
local isHeld = (record.token or '') == fence
if not isFact and not (ALLOWED[from][to] and isHeld) then return {0, stored} end
local held = redis.call('HGET', customers, id)
local customer = held and cjson.decode(held)
local isOurs = customer and customer.batch == batchId and tostring(customer.row) == row
if fingerprint ~= '' then
  -- Another batch has, or has done, this customer: a redrive must not get in its way.
  if customer and not isOurs and (customer.outcome == 'pending' or (customer.outcome == 'submitted' and customer.fingerprint == fingerprint)) then
    return {0, stored}
  end
  customer = {fingerprint = fingerprint, batch = batchId, row = tonumber(row)}
  isOurs = true
end
local wasParked = record.parked
for field, value in pairs(cjson.decode(ARGV[3])) do
  if value == cjson.null then record[field] = nil else record[field] = value end
end
for field, by in pairs(cjson.decode(ARGV[4])) do record[field] = (record[field] or 0) + by end
record.outcome = to
record.at = tonumber(now)
if to ~= 'submitting' then record.token = nil end
if to ~= 'failed' then record.parked = nil end
local text = cjson.encode(record)
redis.call('HSET', rows, row, text)
if (record.parked or false) ~= (wasParked or false) then redis.call('HINCRBY', batch, 'parked', record.parked and 1 or -1) end
if from ~= to then
  redis.call('HINCRBY', batch, from, -1)
  redis.call('HINCRBY', batch, to, 1)
  if record.redrive then
    -- A redrive counts the rows it took; what an earlier one had counted stays, as its history.
    if fingerprint == '' then redis.call('HINCRBY', batch, 'redrive:' .. record.redrive .. ':' .. from, -1) end
    redis.call('HINCRBY', batch, 'redrive:' .. record.redrive .. ':' .. to, 1)
  end
  redis.call('XADD', events, 'MAXLEN', '~', ${EVENTS_MAX}, '*', 'row', row, 'from', from, 'to', to)
  if isOurs then
    customer.outcome = ACTIVE[to] and 'pending' or to
    customer.at = record.at
    customer.code = record.code
    customer.attempts = record.attempts
    customer.requestId = record.requestId
    redis.call('HSET', customers, id, cjson.encode(customer))
  end
  local member = batchId .. ' ' .. row
  if to == 'failed' and (record.class == 'transient' or record.class == 'account') then
    redis.call('ZADD', recoverable, now, member)
  elseif from == 'failed' then
    redis.call('ZREM', recoverable, member)
  end
  if to == 'submitted' then
    redis.call('HDEL', batch, 'streakCode', 'streak')
  elseif to == 'failed' and (record.class == 'customer' or record.class == 'unknown') then
    if redis.call('HGET', batch, 'streakCode') ~= record.code then redis.call('HSET', batch, 'streakCode', record.code or '', 'streak', 0) end
    local streak = redis.call('HINCRBY', batch, 'streak', 1)
    local max = tonumber(redis.call('HGET', batch, 'maxFailures') or '0')
    if max > 0 and streak > max and redis.call('HGET', batch, 'state') == 'running' then
      redis.call('HSET', batch, 'state', 'paused', 'pausedWhy', record.code or '')
    end
  end
  if ACTIVE[to] then
    if not ACTIVE[from] and redis.call('HGET', batch, 'state') == 'finished' then redis.call('HSET', batch, 'state', 'running') redis.call('HDEL', batch, 'finished') end
  else
    finishIfDone(batch, now)
  end
end
return {1, text}
`;

/**
 * KEYS  batch, rows, inputs, customers
 * ARGV  batch id, now (ms), then for each row: number, CustSpaceId, fingerprint, input (JSON)
 * Puts rows into a batch; a row that is there already is left alone, so the call may be repeated.
 * Returns the numbers of those rows of the call that are \`pending\` now: exactly these need a job.
 */
export const ENROLL_SCRIPT = `
local batch, rows, inputs, customers = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local batchId, now = ARGV[1], tonumber(ARGV[2])
local needed, counts, last, added = {}, {}, 0, 0
for i = 3, #ARGV, 4 do
  local row, id, fingerprint, input = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  local stored = redis.call('HGET', rows, row)
  if stored then
    if cjson.decode(stored).outcome == 'pending' then needed[#needed + 1] = row end
  else
    local record = {outcome = 'pending', at = now}
    local held = redis.call('HGET', customers, id)
    local customer = held and cjson.decode(held)
    if customer and customer.fingerprint == fingerprint and (customer.outcome == 'submitted' or customer.outcome == 'pending') then
      record.outcome = 'unchanged'
      record.batch = customer.batch
      record.requestId = customer.requestId
    elseif customer and customer.outcome == 'pending' then
      record.outcome = 'failed'
      record.code = 'CUSTOMER_BUSY'
      record.class = 'customer'
      record.message = 'The customer is pending in batch ' .. customer.batch .. ' with other data.'
    else
      redis.call('HSET', customers, id, cjson.encode({fingerprint = fingerprint, outcome = 'pending', batch = batchId, row = tonumber(row), at = now}))
      needed[#needed + 1] = row
    end
    redis.call('HSET', rows, row, cjson.encode(record))
    redis.call('HSET', inputs, row, input)
    counts[record.outcome] = (counts[record.outcome] or 0) + 1
    added = added + 1
    if tonumber(row) > last then last = tonumber(row) end
  end
end
if added > 0 then
  redis.call('HINCRBY', batch, 'total', added)
  redis.call('HSET', batch, 'lastRow', last)
  for outcome, count in pairs(counts) do redis.call('HINCRBY', batch, outcome, count) end
end
return needed
`;

/** KEYS batch. ARGV now (ms). Ends the enqueuing: from here on an empty batch, or one all done, is finished. */
export const SEAL_SCRIPT = `${SHARED}
if redis.call('HGET', KEYS[1], 'state') == 'enqueuing' then redis.call('HSET', KEYS[1], 'state', 'running') end
finishIfDone(KEYS[1], ARGV[1])
return redis.call('HGET', KEYS[1], 'state')
`;

/** KEYS rows, inputs, batch. ARGV row. Returns {record, input, state of the batch}: what a run of a job begins with. */
export const READ_FOR_RUN_SCRIPT = `
return {redis.call('HGET', KEYS[1], ARGV[1]), redis.call('HGET', KEYS[2], ARGV[1]), redis.call('HGET', KEYS[3], 'state')}
`;
