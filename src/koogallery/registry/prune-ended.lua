-- Forgets instances that were released long ago, and news that belong to none: nobody asks for them any more.
--
-- KEYS  1 channel
-- ARGV  1 how long they are kept after the last that was said of them (ms)
--       2 most of them at once
-- Result  looked: how many it has looked at; pruned: how many of them are gone

local KEPT_MS, COUNT = tonumber(ARGV[1]), ARGV[2]
-- What is not over by then has a dead letter, or a worker that never came: it is looked at again a day later.
local AGAIN_MS = 86400000

local function is_over(id, instance)
  if instance.wanted ~= 'released' and instance.kind ~= 'order' then return false end
  if tonumber(instance.settled) < tonumber(instance.version) or tonumber(instance.refused or '0') > 0 then return false end
  return redis.call('EXISTS', channel.instance_key(id, 'lease')) == 0
end

local function forget_order(id, instance)
  if not instance.orderKey then return end
  redis.call('HDEL', channel.key('orders'), instance.orderKey)
  redis.call('HDEL', channel.key('licenses:given'), instance.orderKey)
  if instance.ofOrder then redis.call('SREM', channel.order_key(instance.ofOrder), id) end
end

-- The marketplace may name this id again, and a webhook knows tasks by id and version: versions go on where they ended.
local function is_named_by_others(instance)
  return instance.kind == 'order' or instance.adopted == '1'
end

local function prune(id, instance)
  forget_order(id, instance)
  channel.remove(id, instance)
  if not is_named_by_others(instance) then return end
  local kept = { 'id', 'kind', 'wanted', 'version', 'settled', 'createdAt', 'readyAt', 'adopted' }
  -- It is listed and counted no more, so nothing but the hash is written.
  local flat = { 'forgotten', instance.version }
  for _, name in ipairs(kept) do
    if instance[name] then
      flat[#flat + 1] = name
      flat[#flat + 1] = instance[name]
    end
  end
  redis.call('HSET', channel.instance_key(id), unpack(flat))
end

local pruned = 0
local before = channel.whole(NOW - KEPT_MS)
local ids = redis.call('ZRANGEBYSCORE', channel.key('ended'), '-inf', before, 'LIMIT', 0, COUNT)
for _, id in ipairs(ids) do
  local instance = channel.read(id)
  if not instance then
    redis.call('ZREM', channel.key('ended'), id)
  elseif is_over(id, instance) then
    prune(id, instance)
    pruned = pruned + 1
  else
    redis.call('ZADD', channel.key('ended'), channel.whole(NOW - KEPT_MS + AGAIN_MS), id)
  end
end
return { 'looked', #ids, 'pruned', pruned }
