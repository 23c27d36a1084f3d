-- Included by every script of a channel: its keys, its instances and what is to be done for them.
-- Needs `clock`, and CHANNEL, with which all keys of the channel begin, so all are in its slot.

local channel = { whole = clock.whole }

function channel.key(name)
  return CHANNEL .. ':' .. name
end

function channel.instance_key(id, part)
  return CHANNEL .. ':instance:' .. id .. (part and ':' .. part or '')
end

-- The instances of one order that makes an instance of each product.
function channel.order_key(order)
  return CHANNEL .. ':order:' .. order
end

-- The fields of an instance by name; nil if it was never seen.
function channel.read(id)
  local flat = redis.call('HGETALL', channel.instance_key(id))
  if #flat == 0 then return nil end
  local fields = {}
  for index = 1, #flat, 2 do fields[flat[index]] = flat[index + 1] end
  return fields
end

-- Fields whose presence decides, with `wanted`, in which state an instance is.
local DECIDING = { 'readyAt', 'refusal', 'missing', 'registering' }
local DECIDES = { wanted = true }
for _, name in ipairs(DECIDING) do DECIDES[name] = true end

local function count(standing, by)
  local instances = redis.call('HINCRBY', channel.key('standings'), standing, by)
  if instances == 0 then redis.call('HDEL', channel.key('standings'), standing) end
end

-- Counts an instance under what decides about its state, and no longer under what did before: count-states.ts makes states
-- of it, so the rule stands there alone. News of an order is no instance.
local function recount(id)
  local key = channel.instance_key(id)
  local known = redis.call('HMGET', key, 'kind', 'wanted', 'counted', unpack(DECIDING))
  local kind, standing, counted = known[1], known[2], known[3]
  if not standing or kind == 'order' then return end
  for index, name in ipairs(DECIDING) do
    if known[index + 3] then standing = standing .. ' ' .. name end
  end
  if standing == counted then return end
  if counted then count(counted, -1) end
  count(standing, 1)
  redis.call('HSET', key, 'counted', standing)
end

-- Most of what is written decides about no state, and calls come by the hundred each second. Of what was pruned nothing that
-- does is written any more, so it is counted no more either.
-- @param more further fields, as a table of texts by name
function channel.write(id, more)
  local flat, decides = {}, false
  for name, value in pairs(more) do
    flat[#flat + 1] = name
    flat[#flat + 1] = value
    decides = decides or DECIDES[name]
  end
  if #flat == 0 then return end
  redis.call('HSET', channel.instance_key(id), unpack(flat))
  if more.orderId then redis.call('ZADD', channel.key('byOrder'), 0, more.orderId .. ' ' .. id) end
  if decides then recount(id) end
end

-- Takes fields away.
function channel.erase(id, ...)
  if redis.call('HDEL', channel.instance_key(id), ...) == 0 then return end
  for _, name in ipairs({ ... }) do
    if DECIDES[name] then return recount(id) end
  end
end

-- Takes an instance out of all indexes, and all that is kept of it.
function channel.remove(id, instance)
  if instance.counted then count(instance.counted, -1) end
  if instance.orderId then redis.call('ZREM', channel.key('byOrder'), instance.orderId .. ' ' .. id) end
  for _, part in ipairs({ 'tasks', 'seen', 'kits' }) do redis.call('DEL', channel.instance_key(id, part)) end
  redis.call('DEL', channel.instance_key(id), channel.key('usage:of:' .. id))
  for _, index in ipairs({ 'instances', 'opening', 'waiting', 'due', 'ended' }) do
    redis.call('ZREM', channel.key(index), id)
  end
end

-- So many of the newest tasks are kept as the history, and of those before them only what is not over.
local HISTORY = 200

-- Forgets a task that is over. Which kinds came after an older dead letter must still be known: they decide instead of it.
function channel.forget_task(id, task)
  redis.call('HDEL', channel.instance_key(id, 'tasks'), task.version)
  local last = task.state ~= 'withdrawn' and 'last.' .. (string.match(task.type, '%.(%a+)$') or task.type)
  local known = last and tonumber(redis.call('HGET', channel.instance_key(id), last) or '0')
  if last and known < task.version then redis.call('HSET', channel.instance_key(id), last, task.version) end
end

-- A few at a time: what an earlier version has left goes too.
local function forget_oldest(id, version)
  if version <= HISTORY then return end
  local forgotten = tonumber(redis.call('HGET', channel.instance_key(id), 'forgotten') or '0')
  local newest = math.min(version - HISTORY, forgotten + 10)
  if newest <= forgotten then return end
  for each = forgotten + 1, newest do
    local text = redis.call('HGET', channel.instance_key(id, 'tasks'), each)
    local task = text and cjson.decode(text)
    if task and (task.state == 'done' or task.state == 'withdrawn') then channel.forget_task(id, task) end
  end
  redis.call('HSET', channel.instance_key(id), 'forgotten', newest)
end

-- Adds what is to be done for an instance under its next version. `fields` stays the text that it is: decoded and encoded
-- again, an empty list would become an object. The product is the one of now: later calls may change it.
-- @param more settles: nobody needs to do it. names_product: it is this call that has set the product
-- @returns the version
function channel.add_task(id, kind, fields, more)
  local key = channel.instance_key(id)
  local version = redis.call('HINCRBY', key, 'version', 1)
  local task = { version = version, type = kind, at = NOW, fields = fields, state = 'due', attempts = 0 }
  local facts = redis.call('HMGET', key, 'productId', 'skuCode', 'wanted', 'kind')
  task.productId, task.skuCode = facts[1] or nil, facts[2] or nil
  task.namesProduct = more.names_product or nil
  if more.settles then task.state, task.endedAt = 'done', NOW end
  redis.call('HSET', channel.instance_key(id, 'tasks'), version, cjson.encode(task))
  if not more.settles then
    -- A task before it may wait for its next attempt, and this one waits for that.
    redis.call('ZADD', channel.key('due'), 'NX', channel.whole(NOW), id)
  elseif tonumber(redis.call('HGET', key, 'settled')) == version - 1 then
    redis.call('HSET', key, 'settled', version)
  end
  forget_oldest(id, version)
  -- What is over for good can be forgotten some time after the last that was said of it.
  if facts[3] == 'released' or facts[4] == 'order' then
    redis.call('ZADD', channel.key('ended'), channel.whole(NOW), id)
  end
  return version
end
