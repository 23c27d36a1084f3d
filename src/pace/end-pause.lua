-- Included after `standstill` by the scripts that let a paused account go on.

-- Ends the pause, if there is one; with it the marks of the queues, which dashboards show; and wakes the workers that wait
-- there. In one step, so that no queue stays marked, by nobody, of an account that is not paused.
--   kept_ms  how long such times are kept
--   first    of the keys of the queues among KEYS: of each, where BullMQ marks that it is paused, and what wakes its workers
local function end_pause(paused, standstills, kept_ms, first)
  end_standstill(paused, standstills, 'at', kept_ms)
  for i = first, #KEYS, 2 do
    if redis.call('HDEL', KEYS[i], 'paused') == 1 then redis.call('ZADD', KEYS[i + 1], 0, '0') end
  end
end
