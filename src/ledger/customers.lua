-- Included after `waiting.lua`: what a customer's success changes, and every change of a row, with its customer in step.

-- Earlier successes of a customer that are known by their numbers.
local OTHERS_MAX = 4

-- A success ends the parked attempts before it: other data has been replaced, and the same data (parked at an earlier
-- peer) has arrived. The doubt stays on record.
local function end_parked(customer, fact)
  local superseded = { code = 'SUPERSEDED', place = fact.place }
  for _, entry in ipairs(ledger.parked_of(customer)) do
    local is_same = entry.fingerprint == fact.fingerprint
    local is_over = entry.seq < fact.seq and (not is_same or fact.generation == ledger.generation())
    local batch, row = ledger.split(entry.place)
    local record = is_over and ledger.read_row(batch, row)
    if record and record.parked then
      ledger.change_row(batch, row, record, function(changed)
        if is_same then ledger.apply(changed, 'unchanged', fact) else ledger.apply(changed, 'failed', superseded) end
        changed.parked, changed.unknown = nil, nil
      end)
    end
    if is_over then ledger.unpark(customer, entry.place, { endedBy = fact.place }) end
  end
end

-- Whether a success has been counted: its report may be repeated, also after others have come.
local function is_counted(known, fact)
  for _, seq in ipairs(known.others or {}) do
    if seq == fact.seq then return true end
  end
  return known.place == fact.place and known.seq == fact.seq
end

-- A submit that succeeded: kept with the customer, whatever became of its row, unless a later one is known.
function ledger.record_success(customer, fact)
  local known = ledger.submitted_of(customer)
  if known and is_counted(known, fact) then return ledger.unpark(customer, fact.place) end
  local is_last = not known or known.seq <= fact.seq
  local kept = is_last and fact or known
  if known then
    kept.others = known.others or {}
    table.insert(kept.others, 1, is_last and known.seq or fact.seq)
    kept.others[OTHERS_MAX + 1] = nil
  end
  kept.count = (known and known.count or 0) + 1
  redis.call('HSET', ledger.key('submitted'), customer, cjson.encode(kept))
  if is_last then ledger.await_review(customer, fact, known) end
  ledger.unpark(customer, fact.place)
  if is_last then end_parked(customer, fact) end
end

-- An earlier submit of the row may have counted while a later one was under way: then that is what became of the row,
-- however the later one ended, and nothing more is sent. An answer of which nobody knows stays on record in `ambiguous`.
local OVERRULED = { failed = true, cancelled = true, pending = true, uploaded = true, unchanged = true }
local function keep_success(record, place)
  local fact = OVERRULED[record.outcome] and ledger.submitted_of(record.custSpaceId)
  if not fact or fact.place ~= place then return end
  if fact.fingerprint ~= record.fingerprint or fact.generation ~= ledger.generation() then return end
  ledger.succeed(record, fact)
end

-- Changes a row and keeps its customer in step: claim, parked attempts, rows that wait. Adds waiting rows that may be
-- sent now to `promoted`.
function ledger.move_row(batch, row, record, change, promoted)
  local customer, place = record.custSpaceId, ledger.place(batch, row)
  local was_waiting = record.outcome == 'waiting'
  ledger.change_row(batch, row, record, function(changed)
    change(changed)
    keep_success(changed, place)
    ledger.keep_doubt(changed)
  end)
  ledger.keep_parked(customer, place, record)
  if was_waiting and record.outcome ~= 'waiting' then ledger.drop_from_list('waiters', customer, place) end
  if ACTIVE[record.outcome] then return end
  ledger.release_claim(customer, place)
  ledger.serve(customer, promoted)
end

-- A row whose submit succeeded.
function ledger.submit_row(batch, row, record, fact, promoted)
  ledger.move_row(batch, row, record, function(changed) ledger.succeed(changed, fact) end, promoted)
end
