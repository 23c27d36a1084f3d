-- Takes, renews or gives up a lease, and returns which server answered.
--
-- KEYS  1 lease
-- ARGV  1 token of who asks
--       2 duration (ms); 0 gives it up
-- Result  isHeld: 1 if the asker holds it now, else 0
--         runId: changes when the server restarts or is replaced; '' if it is not disclosed

local LEASE = KEYS[1]
local TOKEN, HOLD_MS = ARGV[1], tonumber(ARGV[2])

-- A lease with more time left than any can have was taken before the clock was set back, perhaps by a dead process.
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

return { 'isHeld', move(), 'runId', read_run_id() }
