-- Included after `parked.lua`: rows that wait for the claim of another.

-- Waiting rows that one script moves at most; the upkeep does the rest.
local SERVED_MAX = 16

-- Whether the row with the claim has not begun and cannot run now, while this one can.
function ledger.yields(claim, facts, record)
  if claim.record.outcome ~= 'pending' or not ledger.may_run(facts, record) then return false end
  local held = ledger.read_facts(claim.batch)
  return not held or not ledger.may_run(held, claim.record)
end

-- The lead of a customer that cannot run now gives way to a row that can, and waits itself, ahead of the others.
function ledger.yield(customer, claim, place)
  ledger.change_row(claim.batch, claim.row, claim.record, function(lead)
    ledger.apply(lead, 'waiting', { place = place })
  end)
  ledger.give_claim(customer, place)
  local list = ledger.read_list('waiters', customer)
  table.insert(list, 1, claim.place)
  ledger.write_list('waiters', customer, list)
end

-- What becomes of one waiting row now. Returns the outcome, or nil if it goes on waiting.
local function decide_waiting(customer, place, promoted)
  local batch, row = ledger.split(place)
  local record, facts = ledger.read_row(batch, row), ledger.read_facts(batch)
  if not record or not facts or record.outcome ~= 'waiting' then return 'gone' end
  local outcome, fact = ledger.decide(record, place)
  if facts.cancelled then
    outcome, fact = 'cancelled', nil
  elseif outcome == 'waiting' and ledger.yields(fact, facts, record) then
    ledger.yield(customer, fact, place)
    outcome, fact = 'pending', nil
  elseif outcome == 'pending' then
    local lead_batch, lead_row = ledger.split(record.lead or '')
    local lead = lead_batch and ledger.read_row(lead_batch, lead_row)
    local newer = ledger.find_newer(record, place)
    if lead and lead.outcome == 'failed' and lead.fingerprint == record.fingerprint then
      outcome, fact = 'failed', { code = lead.code, place = record.lead }
    elseif newer then
      outcome, fact = 'failed', { code = 'SUPERSEDED', place = newer }
    elseif not ledger.may_run(facts, record) then
      return nil
    end
  end
  if outcome == 'waiting' and fact.place == record.lead then return nil end
  ledger.change_row(batch, row, record, function(changed)
    ledger.apply(changed, outcome, fact)
    ledger.keep_doubt(changed)
  end)
  ledger.keep_parked(customer, place, record)
  if outcome == 'waiting' then return nil end
  if outcome == 'pending' then
    ledger.give_claim(customer, place)
    promoted[#promoted + 1] = place
  end
  return outcome
end

-- Looks again at one row that waits for a customer. Adds those that may be sent now to `promoted`.
function ledger.serve_one(customer, place, promoted)
  if decide_waiting(customer, place, promoted) then ledger.drop_from_list('waiters', customer, place) end
end

-- The same for all rows that wait for a customer, the oldest first.
function ledger.serve(customer, promoted)
  local list = ledger.read_list('waiters', customer)
  for i = 1, math.min(#list, SERVED_MAX) do ledger.serve_one(customer, list[i], promoted) end
end
