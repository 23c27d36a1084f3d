-- Records usage: each record once by its number, and once by its instance and span.
--
-- KEYS  1 usage of a channel
-- ARGV  1 records (JSON list): fields of a record without state and times of change
--       2 who gives them
--       3 '1' only finds out
-- Result  verdicts (list, one for each: 'recorded', 'repeated', 'snTaken' or 'spanTaken'), ids (list)

local BY, IS_TRIAL = ARGV[2], ARGV[3] == '1'

local function is_same(one, other)
  return one.instanceId == other.instanceId and one.begin == other.begin and one['end'] == other['end']
    and one.units == other.units and one.relatedPackage == other.relatedPackage
end

local function judge(given)
  local same = usage.find(given.id)
  if same then return is_same(same, given) and 'repeated' or 'snTaken', same.id end
  local taken = usage.read(redis.call('HGET', usage.key('spans'), usage.span(given)) or '')
  if not taken then return 'recorded', given.id end
  -- Whoever gives no number of their own may give the same again.
  return not given.isNumbered and is_same(taken, given) and 'repeated' or 'spanTaken', taken.id
end

local function put(given)
  if not given.isNumbered then given.isNumbered = nil end
  given.meteringSn, given.by, given.recordedAt = given.id, BY, NOW
  given.attempts, given.lost = 0, 0
  -- The only step that can fail, on a sum beyond 64 bits: before anything is written.
  usage.count(given, given.units)
  usage.note_end(given)
  local span = usage.span(given)
  given.follows = redis.call('HGET', usage.key('freed'), span) or nil
  redis.call('HDEL', usage.key('freed'), span)
  redis.call('HSET', usage.key('spans'), span, given.id)
  usage.move(given, nil, 'recorded')
end

local verdicts, ids = {}, {}
for index, given in ipairs(cjson.decode(ARGV[1])) do
  local verdict, id = judge(given)
  if verdict == 'recorded' and not IS_TRIAL then put(given) end
  verdicts[index], ids[index] = verdict, id
end
return { 'verdicts', verdicts, 'ids', ids }
