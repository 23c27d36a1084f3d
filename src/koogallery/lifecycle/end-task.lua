-- Ends an attempt at a task, and says when the next is due.
--
-- KEYS  1 channel
-- ARGV  1 instance
--       2 version
--       3 token of the attempt
--       4 failures in a row after which a task is given up
--       5 end: JSON { outcome: 'done' | 'later' | 'refused' | 'withdrawn', reason?, delayMs?, isAlive?, isReady?, awaits?, set,
--         drop }; see `Ending` in end-task.ts
-- Result  verdict: 'ended', or 'lost': this attempt has lost its lease, or its task is over; nothing was written
--         state: of the task after it; '' if lost
--         isDue: 1 if the next task may begin now

local ID, VERSION, TOKEN, FAILURES_MAX = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local ending = cjson.decode(ARGV[5])
local LEASE = channel.instance_key(ID, 'lease')

local ENDINGS = {}

local function change(instance)
  channel.write(ID, ending.set)
  if #ending.drop > 0 then channel.erase(ID, unpack(ending.drop)) end
  if ending.isReady and not instance.readyAt then channel.write(ID, { readyAt = channel.whole(NOW) }) end
end

function ENDINGS.done(task, instance)
  change(instance)
  if ending.isReady then channel.erase(ID, 'refusal') end
  task.failures = 0
  tasks.finish(ID, task, 'done', nil)
end

function ENDINGS.refused(task)
  tasks.refuse(ID, task, ending.reason)
end

function ENDINGS.withdrawn(task)
  tasks.finish(ID, task, 'withdrawn', ending.reason)
end

function ENDINGS.later(task, instance)
  change(instance)
  -- Of what was released meanwhile, nobody waits for anything.
  if ending.awaits and instance.wanted ~= 'released' then tasks.await(ID, ending.awaits) end
  if ending.isAlive then task.failures = 0 end
  if task.failures >= FAILURES_MAX then return tasks.refuse(ID, task, ending.reason) end
  task.reason, task.nextAt = ending.reason, NOW + ending.delayMs
  tasks.write(ID, task)
end

if redis.call('GET', LEASE) ~= TOKEN then return { 'verdict', 'lost', 'state', '', 'isDue', 0 } end
redis.call('DEL', LEASE)
local task, instance = tasks.read(ID, VERSION), channel.read(ID)
if not task or not instance or task.state ~= 'due' then
  return { 'verdict', 'lost', 'state', '', 'isDue', 0 }
end
ENDINGS[ending.outcome](task, instance)
local due = tasks.settle(ID)
return { 'verdict', 'ended', 'state', task.state, 'isDue', due and due <= NOW and 1 or 0 }
