-- Included first by the scripts of ledgers, channels and usage: the one clock that all processes share.

local clock = {}

-- Lua would write a time with an exponent.
function clock.whole(number)
  return string.format('%.0f', number)
end

-- Milliseconds since 1970.
function clock.read()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local NOW = clock.read()

