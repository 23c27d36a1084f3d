-- Included by the scripts after which a batch may be done. Needs ACTIVE.

-- Ends a batch of which no row is active; one that is still being enqueued ends when it is sealed.
local function finish_if_done(batch, now)
  local state = redis.call('HGET', batch, 'state')
  if state == 'enqueuing' or state == 'finished' then return end
  for _, count in ipairs(redis.call('HMGET', batch, unpack(ACTIVE))) do
    if tonumber(count or '0') ~= 0 then return end
  end
  redis.call('HSET', batch, 'state', 'finished', 'finished', now)
end

