-- Included after `clock` by the scripts that end a time in which nothing could be sent.

-- Ends it and notes it. Returns whether anything was going on.
--   since_field  the field of `current` that says since when (ms since 1970)
--   kept_ms      how long such times are kept
local function end_standstill(current, standstills, since_field, kept_ms)
  local since = redis.call('HGET', current, since_field)
  if redis.call('DEL', current) == 0 then return false end
  if since then
    redis.call('ZADD', standstills, clock.whole(NOW), since .. '-' .. clock.whole(NOW))
    redis.call('ZREMRANGEBYSCORE', standstills, '-inf', clock.whole(NOW - kept_ms))
  end
  return true
end
