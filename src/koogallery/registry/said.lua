-- Included by the script that changes instances: when the marketplace said what about one. Calls of V1.0 have no nonce, so
-- an old one, sent again by whoever has seen it, is known by its time alone.
-- Needs `channel`.

local said = {}

-- The marketplace's machines may differ by so much, and what they say may overtake each other. Within it only the very
-- same call is a repetition.
local SKEW_MS = 300000
-- More than anybody says of one instance in that time.
local KEPT = 50

-- What was said within SKEW_MS before the newest: { { at, op, capped }, … }, and the newest of them.
local function read(instance)
  local list = instance.said and cjson.decode(instance.said) or {}
  local newest = 0
  for _, each in ipairs(list) do newest = math.max(newest, each[3]) end
  return list, newest
end

-- A clock that is ahead must not make everything later look old.
local function capped(at)
  return math.min(at, NOW)
end

-- Whether a newer call than this one was obeyed, or this very one.
function said.is_old(instance, op, at)
  if not at then return false end
  local list, newest = read(instance)
  if capped(at) < newest - SKEW_MS then return true end
  for _, each in ipairs(list) do
    if each[1] == at and each[2] == op then return true end
  end
  return false
end

function said.keep(id, op, at)
  if not at then return end
  local list, newest = read(channel.read(id))
  newest = math.max(newest, capped(at))
  local kept = { { at, op, capped(at) } }
  for _, each in ipairs(list) do
    local is_same = each[1] == at and each[2] == op
    if not is_same and each[3] >= newest - SKEW_MS and #kept < KEPT then kept[#kept + 1] = each end
  end
  channel.write(id, { said = cjson.encode(kept) })
end
