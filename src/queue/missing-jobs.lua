-- Finds the jobs that a queue no longer has: those that are neither waiting, delayed nor active.
--
-- KEYS  1 prioritized  2 delayed  3 wait  4 active
-- ARGV  ids of jobs
-- Result  missing: the ids of those that are in none of the four

local PRIORITIZED, DELAYED, WAIT, ACTIVE = KEYS[1], KEYS[2], KEYS[3], KEYS[4]

local function is_sorted(id)
  return redis.call('ZSCORE', PRIORITIZED, id) or redis.call('ZSCORE', DELAYED, id)
end

-- Both lists are short: active jobs, and jobs taken back from a worker that died. Read only if an id is not sorted.
local listed
local function is_listed(id)
  if not listed then
    listed = {}
    for _, list in ipairs({ WAIT, ACTIVE }) do
      for _, each in ipairs(redis.call('LRANGE', list, 0, -1)) do listed[each] = true end
    end
  end
  return listed[id]
end

local missing = {}
for _, id in ipairs(ARGV) do
  if not is_sorted(id) and not is_listed(id) then missing[#missing + 1] = id end
end
return { 'missing', missing }
