-- Included by the scripts that work on the tasks of an instance. Needs `channel`.
--
-- Tasks are done one after another by their versions. `settled` is the version up to which all are over, and `:due` has the
-- time from which somebody should look at an instance again: both follow from the tasks, and are written by `settle` alone.

local tasks = {}

function tasks.read(id, version)
  local text = redis.call('HGET', channel.instance_key(id, 'tasks'), version)
  return text and cjson.decode(text) or nil
end

function tasks.write(id, task)
  redis.call('HSET', channel.instance_key(id, 'tasks'), task.version, cjson.encode(task))
end

-- The first one that is not over; nil if there is none.
function tasks.next(id, instance)
  for version = tonumber(instance.settled) + 1, tonumber(instance.version) do
    local task = tasks.read(id, version)
    if task and task.state == 'due' then return task end
  end
end

-- @returns the time from which the next task may be worked on; nil if all are over
function tasks.settle(id)
  local instance = channel.read(id)
  local task = tasks.next(id, instance)
  local settled = task and task.version - 1 or tonumber(instance.version)
  redis.call('HSET', channel.instance_key(id), 'settled', settled)
  if not task then
    redis.call('ZREM', channel.key('due'), id)
    return nil
  end
  local due = task.nextAt or task.at
  redis.call('ZADD', channel.key('due'), channel.whole(due), id)
  return due
end

-- For whom an instance waits that is being created: its 'buyer', who has to tell something, or those who do the 'work'.
function tasks.await(id, whom)
  local is_work = whom == 'work'
  redis.call('ZREM', channel.key(is_work and 'waiting' or 'opening'), id)
  redis.call('ZADD', channel.key(is_work and 'opening' or 'waiting'), 'NX', channel.whole(NOW), id)
  if is_work then
    channel.write(id, { registering = '1' })
  else
    channel.erase(id, 'registering')
  end
end

function tasks.finish(id, task, state, reason)
  task.state, task.reason, task.endedAt, task.nextAt = state, reason, NOW, nil
  local forgotten = tonumber(redis.call('HGET', channel.instance_key(id), 'forgotten') or '0')
  if state ~= 'refused' and task.version <= forgotten then
    channel.forget_task(id, task)
  else
    tasks.write(id, task)
  end
  if task.type ~= 'instance.create' then return end
  -- Also if it was refused: people were told that by itself, and nobody tries it any more.
  redis.call('ZREM', channel.key('opening'), id)
  redis.call('ZREM', channel.key('waiting'), id)
  if state == 'refused' then
    channel.erase(id, 'missing', 'problems')
  else
    channel.erase(id, 'missing', 'problems', 'registering')
  end
end

-- Becomes a dead letter: later tasks go on without it.
function tasks.refuse(id, task, reason)
  tasks.finish(id, task, 'refused', reason)
  redis.call('ZADD', channel.key('refused'), channel.whole(NOW), id .. '/' .. task.version)
  redis.call('HINCRBY', channel.instance_key(id), 'refused', 1)
  if task.type == 'instance.create' then channel.write(id, { refusal = reason }) end
end
