-- Keeps the heartbeats of the worker processes of an account: notes one that beats or leaves, and says who is there.
--
-- KEYS  1 processes, by the time at which they count as gone (ms since 1970)
--       2 what each says of itself (JSON, by process)
--       3 when a worker was last there (ms since 1970)
--       4 times in which nothing could be sent
-- ARGV  1 process; '' only looks, and writes nothing
--       2 what it says of itself (JSON); '' if it leaves
--       3 how long its heartbeat counts (ms)
-- Result  now, lastSeen (ms since 1970; 0 if never), workers: what each that is there says of itself, as JSON

local PROCESSES, ABOUT, LAST_SEEN, STANDSTILLS = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local PROCESS, FACTS, COUNTS_MS = ARGV[1], ARGV[2], tonumber(ARGV[3])

local time = redis.call('TIME')
local NOW = time[1] * 1000 + math.floor(time[2] / 1000)

local function text(number)
  return string.format('%.0f', number)
end

local function forget(process)
  redis.call('ZREM', PROCESSES, process)
  redis.call('HDEL', ABOUT, process)
end

-- A heartbeat that lasts longer than any can was noted before the clock was set back, perhaps by a dead process.
local function forget_gone()
  local silent = redis.call('ZRANGEBYSCORE', PROCESSES, '-inf', text(NOW))
  local impossible = redis.call('ZRANGEBYSCORE', PROCESSES, '(' .. text(NOW + COUNTS_MS_MAX), '+inf')
  for _, processes in ipairs({ silent, impossible }) do
    for _, process in ipairs(processes) do forget(process) end
  end
end

local function note()
  local stored = redis.call('HGET', ABOUT, PROCESS)
  local before = stored and cjson.decode(stored) or {}
  local facts = cjson.decode(FACTS)
  facts.since = before.since or NOW
  facts.stateSince = before.kind == facts.kind and before.stateSince or NOW
  redis.call('ZADD', PROCESSES, text(NOW + COUNTS_MS), PROCESS)
  redis.call('HSET', ABOUT, PROCESS, cjson.encode(facts))
end

-- The first that is there again ends a time in which nobody could send anything.
local function end_absence()
  local last_seen = tonumber(redis.call('GET', LAST_SEEN))
  if not last_seen or redis.call('ZCARD', PROCESSES) > 0 or NOW - last_seen < COUNTS_MS then return end
  redis.call('ZADD', STANDSTILLS, text(NOW), text(last_seen) .. '-' .. text(NOW))
  redis.call('ZREMRANGEBYSCORE', STANDSTILLS, '-inf', text(NOW - STANDSTILLS_KEPT_MS))
end

local function list()
  local workers = {}
  local there = redis.call('ZRANGEBYSCORE', PROCESSES, '(' .. text(NOW), text(NOW + COUNTS_MS_MAX))
  for _, process in ipairs(there) do
    workers[#workers + 1] = redis.call('HGET', ABOUT, process) or nil
  end
  return workers
end

if PROCESS ~= '' then
  forget_gone()
  if FACTS == '' then
    forget(PROCESS)
  else
    end_absence()
    note()
  end
  redis.call('SET', LAST_SEEN, text(NOW))
end
return { 'now', NOW, 'lastSeen', tonumber(redis.call('GET', LAST_SEEN) or 0), 'workers', list() }
