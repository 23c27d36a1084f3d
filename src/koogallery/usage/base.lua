-- Included by every script of usage: its keys, and how its records are read and moved.
-- Needs `clock`, and USAGE, the usage of a channel; all other keys are made from it, so all are in its slot.

local usage = {}

function usage.key(name)
  return USAGE .. ':' .. name
end

function usage.read(id)
  local stored = redis.call('HGET', usage.key('records'), id)
  return stored and cjson.decode(stored) or nil
end

-- The record that is or was reported under a number.
function usage.find(sn)
  return usage.read(sn) or usage.read(redis.call('HGET', usage.key('sns'), sn) or '')
end

function usage.span(record)
  return record.instanceId .. ' ' .. string.format('%.0f %.0f', record.begin, record['end'])
end

-- How much an instance has used, and how much of a package it has used through which instance. Ten-thousandths are counted
-- by Redis, whose whole numbers are exact where those of Lua are not.
function usage.count(record, units)
  local own = usage.key('of:' .. record.instanceId)
  redis.call('HINCRBY', own, 'total', units)
  if record.relatedPackage then
    redis.call('HINCRBY', usage.key('of:' .. record.relatedPackage), 'via ' .. record.instanceId, units)
  end
end

local function note_end(key, field, at)
  local known = tonumber(redis.call('HGET', key, field) or '0')
  if at > known then redis.call('HSET', key, field, clock.whole(at)) end
end

function usage.note_end(record)
  note_end(usage.key('of:' .. record.instanceId), 'until', record['end'])
  if record.relatedPackage then
    note_end(usage.key('of:' .. record.relatedPackage), 'until ' .. record.instanceId, record['end'])
  end
end

local function count_slot(record, by)
  if redis.call('HINCRBY', usage.key('slots'), record.slot, by) <= 0 then
    redis.call('HDEL', usage.key('slots'), record.slot)
  end
end

-- Stores a record in another state than it was in, nil for a new one. What is pending is ordered by when it is due.
function usage.move(record, from, to)
  if from then redis.call('ZREM', usage.key('is:' .. from), record.id) end
  record.state, record.changedAt = to, NOW
  redis.call('ZADD', usage.key('is:' .. to), PENDING[to] and record.due or NOW, record.id)
  local was, is = PENDING[from or ''] and 1 or 0, PENDING[to] and 1 or 0
  if was ~= is then count_slot(record, is - was) end
  redis.call('HSET', usage.key('records'), record.id, cjson.encode(record))
end
