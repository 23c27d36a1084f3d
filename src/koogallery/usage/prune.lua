-- Forgets records about which nothing can be asked or given any more. What they add up to stays.
--
-- KEYS  1 usage of a channel
-- ARGV  1 those that have not changed since, in milliseconds since 1970
--       2 most records of each state
-- Result  pruned (how many)

local BEFORE, COUNT = ARGV[1], ARGV[2]

local pruned = 0
for _, state in ipairs({ 'received', 'settled' }) do
  local index = usage.key('is:' .. state)
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', index, '-inf', '(' .. BEFORE, 'LIMIT', 0, COUNT)) do
    local record = usage.read(id)
    local span = usage.span(record)
    -- The span of one that was given up may have another record by now.
    if redis.call('HGET', usage.key('spans'), span) == id then redis.call('HDEL', usage.key('spans'), span) end
    if redis.call('HGET', usage.key('freed'), span) == id then redis.call('HDEL', usage.key('freed'), span) end
    if record.meteringSn ~= id then redis.call('HDEL', usage.key('sns'), record.meteringSn) end
    for _, sn in ipairs(record.formerSns or {}) do redis.call('HDEL', usage.key('sns'), sn) end
    redis.call('ZREM', index, id)
    redis.call('HDEL', usage.key('records'), id)
    pruned = pruned + 1
  end
end
return { 'pruned', pruned }
