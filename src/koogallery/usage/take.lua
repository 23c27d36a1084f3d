-- Takes the records that are due into a call, if this process is the one that makes calls.
--
-- KEYS  1 usage of a channel
-- ARGV  1 token of this process
--       2 how long it keeps others away unless it comes again, in milliseconds
--       3 most records
-- Result  isHeld (1; 0 if another process makes the calls), records (list of JSON)

local TOKEN, HOLD_MS, COUNT = ARGV[1], ARGV[2], tonumber(ARGV[3])
local PUSHER = usage.key('pusher')

local holder = redis.call('GET', PUSHER)
-- A lease with more time left than any can have was taken before the clock was set back, perhaps by a dead process.
if holder and holder ~= TOKEN and redis.call('PTTL', PUSHER) <= tonumber(HOLD_MS) then
  return { 'isHeld', 0, 'records', {} }
end
redis.call('SET', PUSHER, TOKEN, 'PX', HOLD_MS)

-- Whoever was here before died in a call, or lost its time in it: nobody knows what the marketplace has.
for _, id in ipairs(redis.call('ZRANGE', usage.key('is:sending'), 0, -1)) do
  local record = usage.read(id)
  record.lost = record.lost + 1
  usage.move(record, 'sending', 'sent')
end

local taken = {}
for _, state in ipairs({ 'sent', 'recorded' }) do
  local due = redis.call('ZRANGEBYSCORE', usage.key('is:' .. state), '-inf', NOW, 'LIMIT', 0, COUNT - #taken)
  for _, id in ipairs(due) do
    local record = usage.read(id)
    record.attempts = record.attempts + 1
    usage.move(record, state, 'sending')
    taken[#taken + 1] = cjson.encode(record)
  end
end
return { 'isHeld', 1, 'records', taken }
