-- Notes that a call got no answer, and opens an outage if that is one too many.
--
-- KEYS  1 failures of the operation  2 outage  3 start of the last ended outage  4 rows submitted during the outage
-- ARGV  1 row
--       2 operation
--       3 step that the operation belongs to
--       4 1 if the whole account waits for the operation, 0 if only its step does
--       5 1 if the call was sent, 0 if that was impossible
--       6 code
--       7 message
--       8 first time between two probes (ms)
--       9 longest one (ms)
-- Result  isOpen, hasBegun (1 or 0: this call opened it), isSame (1 or 0: it continues after a short end),
--         wasProbe (1 or 0: it was this row's turn to probe), wait (ms until the next turn), since (ms since 1970)

local FAILURES, OUTAGE, LAST, SPENT = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local ROW, OPERATION, STEP, HOLDS_ALL, WAS_SENT = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5] == '1'
local CODE, MESSAGE, FIRST_MS, LONGEST_MS = ARGV[6], ARGV[7], tonumber(ARGV[8]), tonumber(ARGV[9])
local ROW_FIELD = 'row:'

local time = redis.call('TIME')
local NOW = time[1] * 1000 + math.floor(time[2] / 1000)

-- Lua would write a time with an exponent.
local function whole(number)
  return string.format('%.0f', number)
end

local function count_failure()
  redis.call('HINCRBY', FAILURES, 'count', 1)
  redis.call('HINCRBY', FAILURES, 'unsent', WAS_SENT and 0 or 1)
  if WAS_SENT or redis.call('HEXISTS', FAILURES, ROW_FIELD .. ROW) == 0 then
    redis.call('HSET', FAILURES, ROW_FIELD .. ROW, WAS_SENT and whole(NOW) or '0')
  end
  redis.call('PEXPIRE', FAILURES, FORGOTTEN_AFTER_MS)
end

-- If nothing could even be sent, no row is at fault, however few rows are involved.
local function is_enough()
  local counted = redis.call('HMGET', FAILURES, 'count', 'unsent')
  local rows = redis.call('HLEN', FAILURES) - 2
  return tonumber(counted[2]) >= FAILURES_MIN or (tonumber(counted[1]) >= FAILURES_MIN and rows >= ROWS_MIN)
end

-- Rows whose submits led to the outage have used up their one submit in it.
local function spend_counted()
  local fields = redis.call('HGETALL', FAILURES)
  for i = 1, #fields, 2 do
    local row = string.match(fields[i], '^' .. ROW_FIELD .. '(.*)$')
    if row and fields[i + 1] ~= '0' then redis.call('ZADD', SPENT, fields[i + 1], row) end
  end
end

-- An outage that continues after a short end, or spreads to an operation that more rows wait for, is the same one.
local function begin(since)
  if since then redis.call('PERSIST', SPENT) else redis.call('DEL', SPENT) end
  if OPERATION == 'submit' then spend_counted() end
  redis.call('HSETNX', OUTAGE, 'opened', whole(NOW))
  redis.call(
    'HSET', OUTAGE, 'since', since or whole(NOW), 'operation', OPERATION, 'step', STEP, 'holdsAll', HOLDS_ALL,
    'code', CODE, 'message', MESSAGE, 'distance', FIRST_MS, 'nextProbe', whole(NOW + FIRST_MS), 'prober', ''
  )
  redis.call('DEL', FAILURES)
end

local function note_probe()
  local distance = math.min(tonumber(redis.call('HGET', OUTAGE, 'distance')) * 2, LONGEST_MS)
  redis.call(
    'HSET', OUTAGE, 'distance', distance, 'nextProbe', whole(NOW + distance), 'prober', '', 'code', CODE, 'message', MESSAGE
  )
end

local open = redis.call('HMGET', OUTAGE, 'operation', 'holdsAll', 'since', 'prober')
local operation, holds_all, since, prober = open[1], open[2], open[3], open[4]
local was_probe = prober == ROW
local has_begun, is_same = false, false
if not operation or (operation ~= OPERATION and holds_all == '0') then
  count_failure()
  if is_enough() then
    local last = since or redis.call('GET', LAST)
    begin(last)
    has_begun, is_same = true, last and true or false
  end
elseif was_probe then
  note_probe()
end
local next_probe = redis.call('HGET', OUTAGE, 'nextProbe')
local holds_us = next_probe and (has_begun or operation == OPERATION or holds_all == '1')
if not holds_us then return { 'isOpen', 0, 'hasBegun', 0, 'isSame', 0, 'wasProbe', 0, 'wait', 0, 'since', 0 } end
if OPERATION == 'submit' and WAS_SENT then redis.call('ZADD', SPENT, whole(NOW), ROW) end
return {
  'isOpen', 1,
  'hasBegun', has_begun and 1 or 0,
  'isSame', is_same and 1 or 0,
  'wasProbe', was_probe and 1 or 0,
  'wait', math.max(tonumber(next_probe) - NOW, 0),
  'since', tonumber(redis.call('HGET', OUTAGE, 'since')),
}
