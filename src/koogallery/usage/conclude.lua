-- Writes down what became of records that were in a call, or what the marketplace said of others in its answer.
--
-- KEYS  1 usage of a channel
-- ARGV  1 token of this process
--       2 how long it keeps others away from now on, in milliseconds
--       3 results (JSON list): meteringSn, as ('received', 'abnormal', 'lost', 'back', 'hadNumber' or 'hadSpan'), code, wasLost
--       4 trouble of the channel (JSON: code, message), '' for none
-- Result  moved (how many), received, abnormal (how many to that state)

local TOKEN, HOLD_MS, TROUBLE = ARGV[1], ARGV[2], ARGV[4]

-- A fact counts whoever learned it; what is only about a call counts while the record is in one.
local ALLOWED = {
  received = { recorded = true, sending = true, sent = true },
  abnormal = { recorded = true, sending = true, sent = true, received = true },
  lost = { sending = true },
  back = { sending = true },
}

-- Whether the record that the marketplace has can only be this one.
local IS_OWN = {
  -- A random number is of no other record; one that somebody chose may be of another program.
  hadNumber = function(record) return record.lost > 0 or not record.isNumbered or record.meteringSn ~= record.id end,
  -- Of a span only the first record counts, which may be one that was given up, or this one as it was before.
  hadSpan = function(record) return record.lost > 0 and not record.formerSns and not record.follows end,
}

local counts = { received = 0, abnormal = 0 }

local function apply(record, result)
  local from = record.state
  -- What is said of a number under which it was reported before is known already.
  if record.meteringSn ~= result.meteringSn then return 0 end
  if result.wasLost then record.lost = record.lost + 1 end
  local as = result.as
  if IS_OWN[as] then as = IS_OWN[as](record) and 'received' or 'abnormal' end
  if not ALLOWED[as][from] then return 0 end
  record.code = result.code or record.code
  if as == 'lost' and not result.wasLost then record.lost = record.lost + 1 end
  local to = as
  if to == 'lost' then to = 'sent' elseif to == 'back' then to = record.lost > 0 and 'sent' or 'recorded' end
  if to == 'abnormal' then redis.call('SET', usage.key('abnormalAt'), string.format('%.0f', NOW)) end
  usage.move(record, from, to)
  if counts[to] then counts[to] = counts[to] + 1 end
  return 1
end

local function note_trouble(has_received)
  local key = usage.key('trouble')
  if TROUBLE == '' then
    if has_received then redis.call('DEL', key) end
    return
  end
  local trouble = cjson.decode(TROUBLE)
  local known = cjson.decode(redis.call('GET', key) or '{}')
  trouble.since = known.code == trouble.code and known.since or NOW
  redis.call('SET', key, cjson.encode(trouble))
end

local moved, has_received = 0, false
for _, result in ipairs(cjson.decode(ARGV[3])) do
  local record = usage.find(result.meteringSn)
  if record then moved = moved + apply(record, result) end
  has_received = has_received or result.as == 'received' or IS_OWN[result.as] ~= nil
end
note_trouble(has_received)
if redis.call('GET', usage.key('pusher')) == TOKEN then redis.call('PEXPIRE', usage.key('pusher'), HOLD_MS) end
return { 'moved', moved, 'received', counts.received, 'abnormal', counts.abnormal }
