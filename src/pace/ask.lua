-- Asks for one call. Granted at the moment of asking, never in advance: a slot that was reserved would be stale after a
-- pause of the process. All times are those of the Redis clock, which all processes share.
--
-- KEYS  1 pace  2 breaker  3 outage  4 rows submitted during the outage  5 paused
-- ARGV  1 first interval (µs)
--       2 one full window of the peer (µs)
--       3 time between two probes (ms)
--       4 rate (calls per second)
--       5 step
--       6 the row that asks; '' asks for no row, and never gets the turn to probe whether an outage is over
--       7 longest such turn (ms)
--       8 run id of the server that the asker knows: another one may lack the last grants, so it grants nothing at first
-- Result  verdict 'granted', or 'probe' (granted while the breaker is open):
--           interval, now, quietSince, surge, lastThrottle (µs), refusals (throttled calls in a row before this one)
--         verdict 'wait': wait (µs), runId (of this server; '' if it is not disclosed)
--         verdict 'breaker': wait (ms until the next probe)
--         verdict 'outage': wait (ms until the next turn to probe)
--         verdict 'turn': it is this row's turn to probe; nothing is granted yet, and it asks again
--         verdict 'spent': it would be this row's turn, but it was already submitted during this outage
--         verdict 'paused': until a person resumes the account

local PACE, BREAKER, OUTAGE, SPENT, PAUSED = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local FIRST_INTERVAL, FULL_WINDOW, PROBE_EVERY_MS, RATE = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local STEP, ROW, TURN_MS, KNOWN_RUN_ID = ARGV[5], ARGV[6], tonumber(ARGV[7]), ARGV[8]

local function read_clock()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

-- Lua would write a time with an exponent.
local function whole(number)
  return string.format('%.0f', number)
end

local function read_pace()
  local stored = redis.call('HMGET', PACE, 'last', 'settled', 'surge', 'until', 'quietSince', 'lastThrottle', 'refusals', 'rate')
  if not stored[1] then return nil end
  return {
    last = tonumber(stored[1]),
    settled = tonumber(stored[2]),
    surge = tonumber(stored[3]),
    hold_until = tonumber(stored[4]),
    quiet_since = tonumber(stored[5]),
    last_throttle = tonumber(stored[6]),
    refusals = tonumber(stored[7]),
    rate = stored[8],
  }
end

-- Nothing is known of earlier calls (a new account, or Redis lost the key): assume that a full window was used.
local function begin_pace(now)
  redis.call(
    'HSET', PACE, 'last', whole(now), 'until', whole(now + FULL_WINDOW), 'settled', FIRST_INTERVAL,
    'surge', 0, 'surgeHeld', 0, 'streak', 0, 'streakBase', FIRST_INTERVAL, 'refusals', 0, 'lastThrottle', 0,
    'quietSince', whole(now), 'version', 0, 'rate', RATE
  )
end

-- The account was given another rate: what was learned belongs to the old one.
local function change_rate(pace)
  redis.call('HSET', PACE, 'settled', FIRST_INTERVAL, 'surge', 0, 'surgeHeld', 0, 'streak', 0, 'rate', RATE)
  redis.call('HINCRBY', PACE, 'version', 1)
  pace.settled, pace.surge = tonumber(FIRST_INTERVAL), 0
end

-- A clock that was set back must not stop the account for as long as it was set back.
local function bring_back(pace, now)
  if pace.last <= now then return end
  redis.call('HSET', PACE, 'last', whole(now))
  pace.last = now
end

local function grant(now, is_probe)
  redis.call('HSET', PACE, 'last', whole(now))
  redis.call('HINCRBY', PACE, 'granted', 1)
  if is_probe then redis.call('HSET', BREAKER, 'nextProbe', whole(math.floor(now / 1000) + PROBE_EVERY_MS)) end
end

local function is_spent(now_ms)
  local at = tonumber(redis.call('ZSCORE', SPENT, ROW) or '-inf')
  return now_ms - at < SPENT_MS
end

-- The verdict while an outage is open; nil if the call may pass.
local function heed_outage(now_ms)
  local open = redis.call('HMGET', OUTAGE, 'step', 'holdsAll', 'nextProbe', 'prober')
  local step, holds_all, next_probe, prober = open[1], open[2] == '1', tonumber(open[3]), open[4]
  if not step or (ROW ~= '' and prober == ROW) then return nil end
  if step ~= STEP and not holds_all then return nil end
  local wait = math.max(next_probe - now_ms, 0)
  -- Further ahead than any turn: set by a clock that has been set back since.
  if wait > TURN_MAX_MS then wait = 0 end
  if step ~= STEP or ROW == '' or wait > 0 then return { 'verdict', 'outage', 'wait', math.max(wait, OUTAGE_WAIT_MIN_MS) } end
  if is_spent(now_ms) then return { 'verdict', 'spent' } end
  redis.call('HSET', OUTAGE, 'prober', ROW, 'nextProbe', whole(now_ms + TURN_MS))
  return { 'verdict', 'turn' }
end

if redis.call('EXISTS', PAUSED) == 1 then return { 'verdict', 'paused' } end

local now = read_clock()
local next_probe = redis.call('HGET', BREAKER, 'nextProbe')
local until_probe = next_probe and tonumber(next_probe) - math.floor(now / 1000) or 0
if until_probe > 0 then return { 'verdict', 'breaker', 'wait', until_probe } end

local held = heed_outage(math.floor(now / 1000))
if held then return held end

local pace, run_id = read_pace(), read_run_id()
if not pace then
  begin_pace(now)
  return { 'verdict', 'wait', 'wait', tonumber(FULL_WINDOW), 'runId', run_id }
end
if run_id ~= KNOWN_RUN_ID then return { 'verdict', 'wait', 'wait', tonumber(FULL_WINDOW), 'runId', run_id } end
if pace.rate ~= RATE then change_rate(pace) end
bring_back(pace, now)

local interval = pace.settled + pace.surge
local wait = math.max(pace.last + interval - now, math.min(pace.hold_until - now, HOLD_MAX))
if wait > 0 then return { 'verdict', 'wait', 'wait', math.ceil(wait), 'runId', run_id } end

grant(now, next_probe)
return {
  'verdict', next_probe and 'probe' or 'granted',
  'interval', math.floor(interval),
  'now', now,
  'quietSince', pace.quiet_since,
  'surge', math.floor(pace.surge),
  'lastThrottle', pace.last_throttle,
  'refusals', pace.refusals,
}
