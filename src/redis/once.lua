-- Included last by scripts that a person's command runs. A connection that is lost takes the answer with it, and the client
-- asks again: it is given that answer, instead of one that finds its own work done already, or does it twice.
-- Needs the last of KEYS, which names this run; the script itself does not see it.

local ANSWER_KEPT_SECONDS = 600
local ANSWER = table.remove(KEYS)

local function once(decide)
  local known = redis.call('GET', ANSWER)
  if known then return cjson.decode(known) end
  local answer = decide()
  redis.call('SET', ANSWER, cjson.encode(answer), 'EX', ANSWER_KEPT_SECONDS)
  return answer
end
