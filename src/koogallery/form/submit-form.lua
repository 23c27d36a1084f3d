-- Takes what a buyer typed, once: afterwards the instance waits for nobody, and its create is due now.
--
-- KEYS  1 channel
-- ARGV  1 instance
--       2 when the form before this one was submitted (ms), as the hash has it; '' if there was none
--       3 the form, sealed: all that was ever typed and was not refused
-- Result  verdict: 'taken'; 'closed': it waits for nothing, or another form came first; 'busy': an attempt is on its way,
--           and would not see what is written here
--         version: of the create; 0 unless taken

local ID, BEFORE, FORM = ARGV[1], ARGV[2], ARGV[3]

local function answer(verdict, version)
  return { 'verdict', verdict, 'version', version or 0 }
end

local instance = channel.read(ID)
if not instance or instance.wanted ~= 'active' or not instance.missing then return answer('closed') end
if (instance.formAt or '') ~= BEFORE then return answer('closed') end
local task = tasks.next(ID, instance)
if not task or task.type ~= 'instance.create' then return answer('closed') end
if redis.call('EXISTS', channel.instance_key(ID, 'lease')) == 1 then return answer('busy') end

channel.write(ID, { form = FORM, formAt = channel.whole(NOW) })
channel.erase(ID, 'missing', 'problems')
-- From now on it is ours to hurry.
tasks.await(ID, 'work')
-- It begins anew: it waited for a person, and has not failed.
task.nextAt, task.reason, task.failures = nil, nil, 0
tasks.write(ID, task)
tasks.settle(ID)
return answer('taken', task.version)
