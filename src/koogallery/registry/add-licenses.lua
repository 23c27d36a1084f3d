-- Loads codes of licenses that are to be given away.
--
-- KEYS  1 channel
-- ARGV  the codes
-- Result  added, known (loaded or given before, or twice in this list)

local free, known = channel.key('licenses:free'), channel.key('licenses:known')
local added = 0
for _, code in ipairs(ARGV) do
  if redis.call('SADD', known, code) == 1 then
    redis.call('RPUSH', free, code)
    added = added + 1
  end
end
return { 'added', added, 'known', #ARGV - added }
