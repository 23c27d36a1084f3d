/**
 * The two scripts behind every limited call, on the Redis clock, which all processes share.
 *
 * KEYS of both: pace, breaker.
 */

/**
 * Asks for one call. Granted at the moment of asking, never in advance: a slot that was reserved would be stale
 * after a pause of the process.
 * ARGV  first interval (µs), shortest full window (µs), probe interval (ms), rate (calls per second)
 * Returns {verdict, number, quiet since (µs), now (µs), surge (µs), last throttle (µs), refusals}
 *   verdict 1: granted, number = interval (µs) · 2: granted as the probe of an open breaker
 *           0: wait, number = µs · -1: the breaker is open, number = ms until its next probe
 */
export const ASK_SCRIPT = `
local pace, breaker = KEYS[1], KEYS[2]
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local nextProbe = redis.call('HGET', breaker, 'nextProbe')
if nextProbe then
  local untilProbe = tonumber(nextProbe) - math.floor(now / 1000)
  if untilProbe > 0 then return {-1, untilProbe, 0, 0, 0, 0, 0} end
end
local state = redis.call('HMGET', pace, 'last', 'settled', 'surge', 'until', 'quietSince', 'lastThrottle', 'refusals', 'rate')
if state[1] and state[8] ~= ARGV[4] then
  -- The account was given another rate: what was learned belongs to the old one.
  redis.call('HSET', pace, 'settled', ARGV[1], 'surge', 0, 'surgeHeld', 0, 'streak', 0, 'rate', ARGV[4])
  redis.call('HINCRBY', pace, 'version', 1)
  state[2], state[3] = ARGV[1], 0
end
if not state[1] then
  -- Nothing is known of earlier calls (a new account, or Redis lost the key): assume that a full window was used.
  redis.call('HSET', pace, 'last', string.format('%.0f', now), 'until', string.format('%.0f', now + ARGV[2]), 'settled', ARGV[1],
    'surge', 0, 'surgeHeld', 0, 'streak', 0, 'streakBase', ARGV[1], 'refusals', 0, 'lastThrottle', 0, 'quietSince', string.format('%.0f', now), 'version', 0, 'rate', ARGV[4])
  return {0, tonumber(ARGV[2]), 0, 0, 0, 0, 0}
end
local last, interval, hold = tonumber(state[1]), tonumber(state[2]) + tonumber(state[3]), tonumber(state[4])
-- A clock that was set back must not stop the account for as long as it was set back.
if last > now then redis.call('HSET', pace, 'last', string.format('%.0f', now)) last = now end
local wait = math.max(last + interval - now, math.min(hold - now, 61000000))
if wait > 0 then return {0, math.ceil(wait), 0, 0, 0, 0, 0} end
redis.call('HSET', pace, 'last', string.format('%.0f', now))
redis.call('HINCRBY', pace, 'granted', 1)
local verdict = 1
if nextProbe then
  redis.call('HSET', breaker, 'nextProbe', string.format('%.0f', math.floor(now / 1000) + ARGV[3]))
  verdict = 2
end
return {verdict, math.floor(interval), tonumber(state[5]), now, math.floor(tonumber(state[3])), tonumber(state[6]), tonumber(state[7])}
`;

/**
 * Writes a new state if nobody else did since it was read; always counts a throttled call.
 * ARGV  version that was read, then field, value, …
 * Returns 1, or 0 where another process was faster.
 */
export const ADJUST_SCRIPT = `
if redis.call('HGET', KEYS[1], 'version') ~= ARGV[1] then return 0 end
for i = 2, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
redis.call('HINCRBY', KEYS[1], 'version', 1)
return 1
`;
