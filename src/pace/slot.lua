-- Included by the scripts that grant slots: a slot is the moment at which one call of a step may leave, at least one
-- interval after the one before it. All times are those of the Redis clock, which all processes share. Needs the prelude
-- of `slot.ts`, which also makes the keys and values.

-- KEYS and ARGV of every script that includes this begin with these.
--
-- KEYS  1 pace  2 breaker  3 outage  4 rows submitted during the outage  5 paused
--       6-8 failures of each operation
-- ARGV  1 first interval (µs)
--       2 one full window of the peer (µs)
--       3 time between two probes (ms); '' for a call that passes an open breaker and is no probe of it
--       4 rate (calls per second)
--       5 step
--       6 the row that asks; '' asks for no row, and never gets the turn to probe whether an outage is over
--       7 longest such turn (ms)
--       8 horizon: how far ahead a slot may be given away (µs)
--       9 reach: how soon after now the caller can use a slot (µs)
--       10 a slot that the caller got and could not use, as it was called (`due`); '' for none
--       11 run id of the server that the asker knows: another one may lack the last slots, so it gives none at first
local PACE, BREAKER, OUTAGE, SPENT, PAUSED = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local FAILURES = { KEYS[6], KEYS[7], KEYS[8] }
local FIRST_INTERVAL, FULL_WINDOW, PROBE_EVERY_MS, RATE = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local STEP, SLOT_ROW, TURN_MS = ARGV[5], ARGV[6], tonumber(ARGV[7])
local HORIZON, REACH, MISSED, KNOWN_RUN_ID = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10]), ARGV[11]

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

-- A clock that was set back must not stop the account for as long as it was set back: every stored time goes back with it.
local function bring_back(pace, now)
  local back = pace.last - now
  if back <= HORIZON_MAX then return end
  pace.last = now
  pace.hold_until = pace.hold_until - back
  pace.quiet_since = pace.quiet_since - back
  -- 0: never.
  pace.last_throttle = math.max(pace.last_throttle - back, 0)
  redis.call(
    'HSET', PACE, 'last', whole(now), 'until', whole(pace.hold_until), 'quietSince', whole(pace.quiet_since),
    'lastThrottle', whole(pace.last_throttle)
  )
  redis.call('HINCRBY', PACE, 'version', 1)
end

local function is_spent(now_ms)
  local at = tonumber(redis.call('ZSCORE', SPENT, SLOT_ROW) or '-inf')
  return now_ms - at < SPENT_MS
end

-- The verdict while an outage is open; nil if the call may pass.
local function heed_outage(now_ms)
  local open = redis.call('HMGET', OUTAGE, 'step', 'holdsAll', 'nextProbe', 'prober')
  local step, holds_all, next_probe, prober = open[1], open[2] == '1', tonumber(open[3]), open[4]
  if not step or (SLOT_ROW ~= '' and prober == SLOT_ROW) then return nil end
  if step ~= STEP and not holds_all then return nil end
  local wait = math.max(next_probe - now_ms, 0)
  -- Further ahead than any turn: set by a clock that has been set back since.
  if wait > TURN_MAX_MS then wait = 0 end
  if step ~= STEP or SLOT_ROW == '' or wait > 0 then
    return { 'verdict', 'outage', 'wait', math.max(wait, OUTAGE_WAIT_MIN_MS) }
  end
  if is_spent(now_ms) then return { 'verdict', 'spent' } end
  redis.call('HSET', OUTAGE, 'prober', SLOT_ROW, 'nextProbe', whole(now_ms + TURN_MS))
  return { 'verdict', 'turn' }
end

-- When the call could leave. The phase is kept: a slot is one interval after the slot before it, not after the moment at
-- which somebody asked, so that no delay adds up.
local function due_after(pace, now)
  local interval = pace.settled + pace.surge
  -- Nobody has a later one, so the slot that was missed is still free, at a later time.
  local due = MISSED == pace.last and MISSED or pace.last + interval
  return math.ceil(math.max(due, math.min(pace.hold_until, now + HOLD_MAX), now + REACH))
end

-- Returns a refusal to reply, or nil and the slot that is free; that is not taken yet.
local function find_slot()
  if redis.call('EXISTS', PAUSED) == 1 then return { 'verdict', 'paused' } end
  local now = read_clock()
  local next_probe = PROBE_EVERY_MS ~= '' and redis.call('HGET', BREAKER, 'nextProbe')
  local until_probe = next_probe and tonumber(next_probe) - math.floor(now / 1000) or 0
  -- Further ahead than any probe: set by a clock that has been set back since.
  if until_probe > 0 and until_probe <= tonumber(PROBE_EVERY_MS) then return { 'verdict', 'breaker', 'wait', until_probe } end
  local held = heed_outage(math.floor(now / 1000))
  if held then return held end
  local pace, run_id = read_pace(), read_run_id()
  if not pace then begin_pace(now) end
  if not pace or run_id ~= KNOWN_RUN_ID then
    return { 'verdict', 'wait', 'wait', tonumber(FULL_WINDOW), 'now', now, 'runId', run_id }
  end
  if pace.rate ~= RATE then change_rate(pace) end
  bring_back(pace, now)
  local due = due_after(pace, now)
  if due - now > HORIZON then return { 'verdict', 'wait', 'wait', due - now, 'now', now, 'runId', run_id } end
  return nil, { now = now, due = due, pace = pace, is_probe = next_probe and true or false }
end

-- Takes the slot. Returns the reply.
local function take_slot(slot)
  local now, due, pace = slot.now, slot.due, slot.pace
  redis.call('HSET', PACE, 'last', whole(due))
  -- A slot that takes the place of a missed one belongs to a call that was counted.
  if not MISSED then redis.call('HINCRBY', PACE, 'granted', 1) end
  if slot.is_probe then redis.call('HSET', BREAKER, 'nextProbe', whole(math.floor(now / 1000) + PROBE_EVERY_MS)) end
  return {
    'verdict', slot.is_probe and 'probe' or 'granted',
    'due', due,
    'now', now,
    'interval', math.floor(pace.settled + pace.surge),
    'quietSince', pace.quiet_since,
    'surge', math.floor(pace.surge),
    'lastThrottle', pace.last_throttle,
    'refusals', pace.refusals,
    'isQuiet', redis.call('EXISTS', OUTAGE, unpack(FAILURES)) == 0 and 1 or 0,
  }
end
