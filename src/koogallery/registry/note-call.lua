-- Notes a call that changes no instance: one that reads, a debug call, one that is refused.
--
-- KEYS  1 channel
-- ARGV  1 call: JSON { activity, test, stranger, nonce, digest, line }
--       2 its code
--       3 the code if its nonce was used by another call
-- Result  code: the one that was noted

local call, CODE, REPLAYED = cjson.decode(ARGV[1]), ARGV[2], ARGV[3]

local met = calls.meet(call)
local code = met == 'replayed' and REPLAYED or CODE
if not met then calls.keep(call, 'noted') end
calls.note(call, code, met == 'replayed' and { 'verdict', 'replayed' } or {})
return { 'code', code }
