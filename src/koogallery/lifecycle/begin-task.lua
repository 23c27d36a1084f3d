-- Begins the next task of an instance, for one process at a time.
--
-- KEYS  1 channel
-- ARGV  1 instance
--       2 token of who asks: of this attempt alone
--       3 how long it may take (ms): the lease
--       4 failures in a row after which a task is given up
-- Result  verdict: 'begun', 'busy' (somebody else works on this instance), 'waiting' (for the time of the next attempt), or
--           'idle' (nothing is left)
--         task: JSON, and instance: its fields as a flat list; '' and empty unless begun
--         given: versions that were given up here, as a list

local ID, TOKEN, HOLD_MS, FAILURES_MAX = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local LEASE = channel.instance_key(ID, 'lease')
local given = {}

local function answer(verdict, task)
  return {
    'verdict', verdict,
    'task', task and cjson.encode(task) or '',
    'instance', task and redis.call('HGETALL', channel.instance_key(ID)) or {},
    'given', given,
  }
end

-- A lease with more time left than any can have was taken before the clock was set back, perhaps by a dead process.
local function is_busy()
  return redis.call('EXISTS', LEASE) == 1 and redis.call('PTTL', LEASE) <= HOLD_MS
end

local function release_of(instance)
  for version = tonumber(instance.version), 1, -1 do
    local task = tasks.read(ID, version)
    if task and string.find(task.type, '.release', 1, true) then return task end
  end
end

-- What an instance was to become before its release, nobody needs any more. A create that has begun may have made
-- something: it is brought to its end, so that the release finds all of it.
local function withdraw(instance)
  local release = instance.wanted == 'released' and release_of(instance)
  if not release or release.state ~= 'due' or release.attempts > 0 then return end
  local is_new = false
  for version = tonumber(instance.settled) + 1, release.version - 1 do
    local task = tasks.read(ID, version)
    local is_create = task and task.type == 'instance.create'
    if task and task.state == 'due' and not (is_create and task.attempts > 0) then
      tasks.finish(ID, task, 'withdrawn', 'released before')
      is_new = is_new or is_create
    end
  end
  if is_new then tasks.finish(ID, release, 'done', 'nothing had been created') end
end

-- Every attempt counts as a failure until it has ended well: its process may die.
local function begin(task, instance)
  task.attempts, task.failures = task.attempts + 1, (task.failures or 0) + 1
  task.triedAt, task.nextAt = NOW, nil
  if not task.firstTriedAt then
    task.firstTriedAt = NOW
    -- Later calls may change it, and a repetition must say the same as the first attempt.
    task.expireAt = instance.expireAt and tonumber(instance.expireAt)
  end
  tasks.write(ID, task)
  redis.call('SET', LEASE, TOKEN, 'PX', HOLD_MS)
  -- If this process dies, somebody looks again.
  redis.call('ZADD', channel.key('due'), channel.whole(NOW + HOLD_MS), ID)
  return answer('begun', task)
end

local function work()
  if is_busy() then return answer('busy') end
  local instance = channel.read(ID)
  if not instance then
    redis.call('ZREM', channel.key('due'), ID)
    return answer('idle')
  end
  withdraw(instance)
  while true do
    local task = tasks.next(ID, instance)
    if task and (task.failures or 0) < FAILURES_MAX and (task.nextAt or 0) <= NOW then return begin(task, instance) end
    if not task or (task.nextAt or 0) > NOW then
      tasks.settle(ID)
      return answer(task and 'waiting' or 'idle')
    end
    given[#given + 1] = task.version
    tasks.refuse(ID, task, task.reason or 'every worker that tried it died')
  end
end

return work()
