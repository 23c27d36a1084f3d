-- Ends a request that may be repeated, if it is still up to whoever asks.
--
-- KEYS  1 answer
-- ARGV  1 token of who asks
--       2 the answer; '' for nothing that is worth keeping: then repeating the request does it anew
--       3 how long it is known (ms)
-- Result  isEnded (1 or 0)

local KEY = KEYS[1]
local TOKEN, ANSWER, KEPT_MS = ARGV[1], ARGV[2], ARGV[3]

if redis.call('HGET', KEY, 'token') ~= TOKEN then return { 'isEnded', 0 } end
if ANSWER == '' then
  redis.call('DEL', KEY)
else
  redis.call('HSET', KEY, 'answer', ANSWER)
  redis.call('HDEL', KEY, 'token', 'until')
  redis.call('PEXPIRE', KEY, KEPT_MS)
end
return { 'isEnded', 1 }
