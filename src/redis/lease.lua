-- Takes a lease, renews it or gives it up, and tells which server has answered.
--
-- KEYS  1 lease
-- ARGV  1 token of who asks
--       2 for how long (ms); 0 gives it up
-- Result  isHeld: 1 where who asked holds it now, else 0
--         runId: changes when the server was started again or is another one; '' where it does not tell

local LEASE = KEYS[1]
local TOKEN, HOLD_MS = ARGV[1], tonumber(ARGV[2])

-- A lease that lasts longer than any was taken before the clock was set back, maybe by a process that is gone.
local function is_free(holder)
  return not holder or redis.call('PTTL', LEASE) > HOLD_MS
end

local function move()
  local holder = redis.call('GET', LEASE)
  if HOLD_MS == 0 then
    if holder == TOKEN then redis.call('DEL', LEASE) end
    return 0
  end
  if holder ~= TOKEN and not is_free(holder) then return 0 end
  redis.call('SET', LEASE, TOKEN, 'PX', HOLD_MS)
  return 1
end

local function read_run_id()
  local info = redis.pcall('INFO', 'server')
  return type(info) == 'string' and string.match(info, 'run_id:(%w+)') or ''
end

return { 'isHeld', move(), 'runId', read_run_id() }
