-- Included by the scripts that mark a row before a limited call, after `customers.lua` and `patch.lua`.

-- Why a row may not be sent now; nil if nothing that a person decided, and no other row, is in the way.
-- What another row decided is written: the row is then `unchanged`, `waiting` or `failed`.
local function find_obstacle(batch, row, record, promoted)
  local facts = ledger.read_facts(batch)
  if not facts or facts.purging then return 'gone' end
  if facts.cancelled then return 'cancelled' end
  if facts.paused then return 'paused' end
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

-- Marks a row as being called for. Returns 'marked', or why not: 'gone', 'cancelled', 'paused', 'decided' (by another
-- row), 'moved' (another run has the row); and the record as it is from now on.
function ledger.mark(batch, row, mark, promoted)
  local record = ledger.read_row(batch, row)
  if not record then return 'gone' end
  if not ALLOWED[record.outcome][mark.to] or (record.token or '') ~= mark.fence then return 'moved', record end
  local obstacle = find_obstacle(batch, row, record, promoted)
  if obstacle then return obstacle, record end
  ledger.change_row(batch, row, record, ledger.patcher(mark.to, mark.patch, mark.increments))
  if mark.to == 'submitting' then
    record.seq, record.generation, record.markedAt = ledger.next('seq'), ledger.generation(), NOW
    ledger.put_row(batch, row, record)
  end
  return 'marked', record
end

