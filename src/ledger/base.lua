-- Included by every script of the ledger: its keys, and how its records are read.
-- Needs `clock`, and LEDGER, the ledger of an account; all other keys are made from it, so all are in its slot.

local ledger = { whole = clock.whole }

function ledger.key(name)
  return LEDGER .. ':' .. name
end

function ledger.batch_key(batch, part)
  return LEDGER .. ':batch:' .. batch .. (part and ':' .. part or '')
end

-- A place is the id of a batch and the number of a row: 'abc 7'.
function ledger.place(batch, row)
  return batch .. ' ' .. row
end

function ledger.split(place)
  return string.match(place, '^(%S+) (%d+)$')
end

function ledger.read_row(batch, row)
  local stored = redis.call('HGET', ledger.batch_key(batch, 'rows'), row)
  return stored and cjson.decode(stored) or nil
end

-- What people and programs decided about a batch; nil if it does not exist, or no longer does.
function ledger.read_facts(batch)
  local stored = redis.call(
    'HMGET', ledger.batch_key(batch), 'id', 'kind', 'sealedAt', 'cancelledAt', 'pausedAt', 'notBefore', 'purgingAt'
  )
  if not stored[1] then return nil end
  return {
    kind = stored[2],
    sealed = stored[3],
    cancelled = stored[4],
    paused = stored[5],
    not_before = tonumber(stored[6] or '0'),
    purging = stored[7],
  }
end

-- The generation of the peer: what was submitted to an earlier one says nothing about this one.
function ledger.generation()
  return tonumber(redis.call('HGET', (string.gsub(LEDGER, ':ledger$', ':peer')), 'generation') or '1')
end

-- What people did to a batch, written in the step that did it; a very long history loses its oldest entries.
local LOG_ENTRIES_MAX = 1000
function ledger.note(batch, entry)
  local log = ledger.batch_key(batch, 'log')
  entry.at = NOW
  redis.call('RPUSH', log, cjson.encode(entry))
  redis.call('LTRIM', log, -LOG_ENTRIES_MAX, -1)
end

-- The same for a portion of it, because a large batch takes several steps: what they have done so far is one entry, also
-- where several people do such things at once. `entry.counts`: of this portion, by name; `entry.of`: the same for all
-- portions of one deed.
local DEEDS_AT_ONCE = 10
function ledger.note_portion(batch, entry, describe)
  local log = ledger.batch_key(batch, 'log')
  for _, text in ipairs(redis.call('LRANGE', log, -DEEDS_AT_ONCE, -1)) do
    local so_far = cjson.decode(text)
    if so_far.counts and so_far.action == entry.action and so_far.by == entry.by and so_far.of == entry.of then
      redis.call('LREM', log, -1, text)
      for name, count in pairs(so_far.counts) do entry.counts[name] = (entry.counts[name] or 0) + count end
    end
  end
  entry.details = describe(entry.counts)
  ledger.note(batch, entry)
end

function ledger.rows_in_words(count)
  return count .. (count == 1 and ' row' or ' rows')
end

-- A retry that a person has begun (a redrive), with more rows than before.
function ledger.note_retry(batch, redrive, rows)
  local entry = { by = redrive.by, action = 'retry', counts = { rows = rows }, of = redrive.round }
  ledger.note_portion(batch, entry, function(counts)
    return ledger.rows_in_words(counts.rows) .. ' (' .. redrive.filter .. ')'
  end)
end

-- Numbers that only grow, for the whole account: `seq` of submits, `order` of rows.
function ledger.next(counter, by)
  return redis.call('HINCRBY', ledger.key('counters'), counter, by or 1)
end

