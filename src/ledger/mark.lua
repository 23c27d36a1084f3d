-- Included by the scripts that mark a row before a limited call, after `customers.lua` and `patch.lua`. A mark is a table:
-- to (outcome during the call), patch, increments, fence (the token that holds the row, '' for none).

-- Why a row may not be sent now; nil if nothing that a person decided, and no other row, is in the way.
-- What another row decided is written: the row is then `unchanged`, `waiting` or `failed`.
local function find_obstacle(batch, row, record, promoted)
  local facts = ledger.read_facts(batch)
  if not facts or facts.purging then return 'gone' end
  if facts.cancelled then return 'cancelled' end
  if facts.paused then return 'paused' end
  if ledger.due_at(facts, record) > NOW then return 'later' end
  local place = ledger.place(batch, row)
  local outcome, fact = ledger.decide(record, place)
  if outcome == 'pending' then
    ledger.give_claim(record.custSpaceId, place)
    return nil
  end
  ledger.move_row(batch, row, record, function(changed) ledger.apply(changed, outcome, fact) end, promoted)
  if outcome == 'waiting' then ledger.add_to_list('waiters', record.custSpaceId, place) end
  return 'decided'
end

-- Whether the mark of a lost answer is repeated: this run has the row already.
local function is_again(record, mark)
  return record.outcome == mark.to and mark.patch.token and record.token == mark.patch.token
end

-- Why a row may not be marked: 'gone', 'cancelled', 'paused', 'later' (it is not time yet), 'decided' (by another row),
-- 'moved' (another run has the row); nil if it may. And the record as it is from now on.
function ledger.check(batch, row, mark, promoted)
  local record = ledger.read_row(batch, row)
  if not record then return 'gone' end
  if is_again(record, mark) then mark.fence = record.token end
  if not ALLOWED[record.outcome][mark.to] or (record.token or '') ~= mark.fence then return 'moved', record end
  return find_obstacle(batch, row, record, promoted), record
end

-- Marks a row that may be marked as being called for. Returns its record from now on.
function ledger.mark(batch, row, record, mark)
  ledger.change_row(batch, row, record, ledger.patcher(mark.to, mark.patch, mark.increments))
  if mark.to == 'submitting' then
    record.seq, record.generation, record.markedAt = ledger.next('seq'), ledger.generation(), NOW
    ledger.put_row(batch, row, record)
  end
  return record
end

