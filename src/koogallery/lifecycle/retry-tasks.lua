-- Brings the dead letters of an instance back, and lets a task that waits for its next attempt begin at once.
--
-- KEYS  1 channel
-- ARGV  1 instance
--       2 who wants it
-- Result  isKnown: 0 if there is no such instance, else 1
--         retried, superseded, hastened: versions, each as a list. What a later task has made pointless is withdrawn instead

local ID, BY = ARGV[1], ARGV[2]

-- A later task of one of these kinds decides instead, whatever became of it, unless it was withdrawn. A release decides
-- instead of everything.
local DECIDED_BY = {
  freeze = { freeze = true, unfreeze = true },
  unfreeze = { freeze = true, unfreeze = true },
  refresh = { refresh = true },
  upgrade = { upgrade = true },
  create = {},
  issue = {},
}

local retried, superseded, hastened = {}, {}, {}
local instance = channel.read(ID)
if not instance then
  return { 'isKnown', 0, 'retried', retried, 'superseded', superseded, 'hastened', hastened }
end

local all = {}
for version = 1, tonumber(instance.version) do all[version] = tasks.read(ID, version) end

local function is_superseded(task)
  local deciding = DECIDED_BY[string.match(task.type, '%.(%a+)$')]
  if not deciding then return false end
  -- The latest of each kind that the history has lost.
  for _, kind in ipairs({ 'freeze', 'unfreeze', 'refresh', 'upgrade', 'release' }) do
    local later = tonumber(instance['last.' .. kind] or '0')
    if later > task.version and (deciding[kind] or kind == 'release') then return true end
  end
  for version = task.version + 1, tonumber(instance.version) do
    local later = all[version]
    local kind = later and string.match(later.type, '%.(%a+)$')
    if later and later.state ~= 'withdrawn' and (deciding[kind] or kind == 'release') then return true end
  end
  return false
end

local function revive(task)
  redis.call('ZREM', channel.key('refused'), ID .. '/' .. task.version)
  redis.call('HINCRBY', channel.instance_key(ID), 'refused', -1)
  if is_superseded(task) then
    superseded[#superseded + 1] = task.version
    return tasks.finish(ID, task, 'withdrawn', 'superseded')
  end
  retried[#retried + 1] = task.version
  task.state, task.failures, task.endedAt, task.nextAt = 'due', 0, nil, nil
  task.retriedAt, task.retriedBy = NOW, BY
  tasks.write(ID, task)
  if task.type == 'instance.create' then
    channel.erase(ID, 'refusal')
    -- Its buyer could reach it, though it was not what it will be: it still is not.
    if instance.readyAt then channel.write(ID, { registering = '1' }) end
    -- Its time counts from now: people know that it was late before.
    redis.call('ZADD', channel.key('opening'), channel.whole(NOW), ID)
  end
  local before = task.version - 1
  if before < tonumber(instance.settled) then
    instance.settled = before
    redis.call('HSET', channel.instance_key(ID), 'settled', before)
  end
end

local function hasten(task)
  hastened[#hastened + 1] = task.version
  task.nextAt, task.failures, task.retriedAt, task.retriedBy = nil, 0, NOW, BY
  tasks.write(ID, task)
end

for version = 1, tonumber(instance.version) do
  local task = all[version]
  if task and task.state == 'refused' then
    revive(task)
  elseif task and task.state == 'due' and task.nextAt then
    hasten(task)
  end
end
-- While an attempt is on its way, its end decides what comes next.
if redis.call('EXISTS', channel.instance_key(ID, 'lease')) == 0 then tasks.settle(ID) end
return { 'isKnown', 1, 'retried', retried, 'superseded', superseded, 'hastened', hastened }
