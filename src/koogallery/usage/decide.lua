-- A person decides about a record, or has it reported again.
--
-- KEYS  1 usage of a channel
-- ARGV  1 id, or a number under which it is or was reported
--       2 'billed', 'lost', 'abnormal' or 'retry'
--       3 who
--       4 why; for 'abnormal' the code
--       5 new number, for 'retry'
--       6 the states from which each verb leads: JSON { verb: { state: true } }
-- Result  verdict ('done', 'unknown', 'refused', or 'spanTaken': another record has its span by now), record (JSON; '' if
--         unknown), other (id of that other record, else '')

local ID, VERB, BY, WHY, NEW_SN = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]

local ALLOWED = cjson.decode(ARGV[6])

local record = usage.find(ID)
if not record then return { 'verdict', 'unknown', 'record', '', 'other', '' } end
local from = record.state
-- A statement of the marketplace may show later that it has billed what was given up, if it was ever told of it.
local is_reopened = VERB == 'billed' and from == 'settled' and record.decision == 'lost' and record.attempts > 0
if not ALLOWED[VERB][from] and not is_reopened then
  return { 'verdict', 'refused', 'record', cjson.encode(record), 'other', '' }
end
local SPAN = usage.span(record)
-- Of one span the marketplace bills one record, and the totals have one.
local other = is_reopened and redis.call('HGET', usage.key('spans'), SPAN)
if other then return { 'verdict', 'spanTaken', 'record', cjson.encode(record), 'other', other } end

local function give_up()
  usage.count(record, '-' .. record.units)
  -- Its span is free for a record that says it better.
  redis.call('HDEL', usage.key('spans'), SPAN)
  -- The marketplace may have this one all the same, or one before it, and would count that instead of the next.
  if from ~= 'recorded' or record.formerSns or record.follows then
    redis.call('HSET', usage.key('freed'), SPAN, record.id)
  end
end

-- It counts again, and has its span. Both decisions stay known.
local function take_back()
  -- The only step that can fail, on a sum beyond 64 bits: before anything is written.
  usage.count(record, record.units)
  redis.call('HSET', usage.key('spans'), SPAN, record.id)
  redis.call('HDEL', usage.key('freed'), SPAN)
  local former = record.formerDecisions or {}
  former[#former + 1] =
    { decision = record.decision, by = record.decidedBy, reason = record.reason, at = record.changedAt }
  record.formerDecisions = former
end

local function report_again()
  -- Under its old number it might be taken for a repetition, and stay unbilled.
  local former = record.formerSns or {}
  former[#former + 1] = record.meteringSn
  record.formerSns, record.meteringSn, record.lost, record.code = former, NEW_SN, 0, nil
  redis.call('HSET', usage.key('sns'), NEW_SN, record.id)
end

if is_reopened then take_back() end
record.decidedBy = BY
if VERB == 'retry' then
  report_again()
  usage.move(record, from, 'recorded')
elseif VERB == 'abnormal' then
  record.code = WHY ~= '' and WHY or nil
  usage.move(record, from, 'abnormal')
else
  if VERB == 'lost' then give_up() end
  record.decision, record.reason = VERB, WHY ~= '' and WHY or nil
  usage.move(record, from, 'settled')
end
return { 'verdict', 'done', 'record', cjson.encode(record), 'other', '' }
