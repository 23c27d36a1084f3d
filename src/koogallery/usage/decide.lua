-- A person decides about a record, or has it reported again.
--
-- KEYS  1 usage of a channel
-- ARGV  1 id, or a number under which it is or was reported
--       2 'billed', 'lost', 'abnormal' or 'retry'
--       3 who
--       4 why; for 'abnormal' the code
--       5 new number, for 'retry'
--       6 the states from which each verb leads: JSON { verb: { state: true } }
-- Result  verdict ('done', 'unknown' or 'refused'), record (JSON; '' if unknown)

local ID, VERB, BY, WHY, NEW_SN = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]

local ALLOWED = cjson.decode(ARGV[6])

local record = usage.find(ID)
if not record then return { 'verdict', 'unknown', 'record', '' } end
local from = record.state
if not ALLOWED[VERB][from] then return { 'verdict', 'refused', 'record', cjson.encode(record) } end

local function give_up()
  usage.count(record, '-' .. record.units)
  -- Its span is free for a record that says it better.
  local span = usage.span(record)
  redis.call('HDEL', usage.key('spans'), span)
  -- The marketplace may have this one all the same, or one before it, and would count that instead of the next.
  if from ~= 'recorded' or record.formerSns or record.follows then
    redis.call('HSET', usage.key('freed'), span, record.id)
  end
end

local function report_again()
  -- Under its old number it might be taken for a repetition, and stay unbilled.
  local former = record.formerSns or {}
  former[#former + 1] = record.meteringSn
  record.formerSns, record.meteringSn, record.lost, record.code = former, NEW_SN, 0, nil
  redis.call('HSET', usage.key('sns'), NEW_SN, record.id)
end

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
return { 'verdict', 'done', 'record', cjson.encode(record) }
