-- Included by the scripts that a call of the marketplace leads to: what it leaves behind, whatever it comes to.
-- Needs `channel`.

local calls = {}

local CALLS_KEPT_MS = 90 * 86400000
-- Anybody can make them, so they must not fill the memory.
local STRANGERS_KEPT = 10000
-- Longer than the window in which a timestamp is accepted, before and after now.
local NONCE_KEPT_MS = 180000

-- What was answered under the nonce of a call: nil if it is new, 'replayed' if it came with another payload; else what
-- was kept with it.
function calls.meet(call)
  if not call.nonce then return nil end
  local kept = redis.call('GET', channel.key('nonce:' .. call.nonce))
  if not kept then return nil end
  local digest, more = string.match(kept, '^(%S+) (.*)$')
  if digest ~= call.digest then return 'replayed' end
  return more
end

function calls.keep(call, more)
  if not call.nonce then return end
  redis.call('SET', channel.key('nonce:' .. call.nonce), call.digest .. ' ' .. more, 'PX', NONCE_KEPT_MS)
end

-- One line in the audit and one more call in the counts. @param more names and values besides those of the call
function calls.note(call, code, more)
  local line = { 'code', code }
  for _, part in ipairs(call.line) do line[#line + 1] = part end
  for _, part in ipairs(more) do line[#line + 1] = part end
  if call.stranger then
    redis.call('XADD', channel.key('strangers'), 'MAXLEN', '~', STRANGERS_KEPT, '*', unpack(line))
  else
    local oldest = channel.whole(NOW - CALLS_KEPT_MS)
    redis.call('XADD', channel.key('calls'), 'MINID', '~', oldest, '*', unpack(line))
  end
  redis.call('HINCRBY', channel.key('counts'), call.activity .. ':' .. code .. (call.test and ':test' or ''), 1)
  if call.test and code == '000000' then
    redis.call('HSET', channel.key('probes'), call.activity, channel.whole(NOW))
  end
end
