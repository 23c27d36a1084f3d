-- Begins to answer a request that may be repeated, or goes on with it, or finds what it was answered.
--
-- KEYS  1 answer
-- ARGV  1 token of who asks
--       2 digest of the body
--       3 for how long it is begun (ms), unless it is begun again with the same token
--       4 how long it is known (ms)
-- Result  verdict: 'begun', 'running' (by somebody else), 'other' (the body was another), 'answered'
--         waitMs: until what runs is given up; answer: what it was answered, else ''

local KEY = KEYS[1]
local TOKEN, DIGEST, HOLD_MS, KEPT_MS = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local stored = redis.call('HMGET', KEY, 'digest', 'token', 'until', 'answer')
local digest, token, till, answer = stored[1], stored[2], tonumber(stored[3] or '0'), stored[4]

if digest and digest ~= DIGEST then return { 'verdict', 'other', 'waitMs', 0, 'answer', '' } end
if answer then return { 'verdict', 'answered', 'waitMs', 0, 'answer', answer } end
-- Longer than anybody may hold it, it is held by a clock that was set back since.
local left = till - now
if token and token ~= TOKEN and left > 0 and left <= HOLD_MS then
  return { 'verdict', 'running', 'waitMs', left, 'answer', '' }
end
redis.call('HSET', KEY, 'digest', DIGEST, 'token', TOKEN, 'until', string.format('%.0f', now + HOLD_MS))
redis.call('PEXPIRE', KEY, KEPT_MS)
return { 'verdict', 'begun', 'waitMs', 0, 'answer', '' }
