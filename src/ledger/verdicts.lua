-- Included after `claims.lua`: what becomes of a row that wants to send a customer, and what its record says then.

local function is_parked_above(customer, fingerprint, seq)
  for _, entry in ipairs(ledger.parked_of(customer)) do
    if entry.fingerprint ~= fingerprint and entry.seq > seq then return true end
  end
  return false
end

local function parked_alike(customer, fingerprint, place)
  local generation = ledger.generation()
  for _, entry in ipairs(ledger.parked_of(customer)) do
    local is_ours = entry.place == place or (entry.generation or 1) ~= generation
    local batch, row = ledger.split(entry.place)
    local record = entry.fingerprint == fingerprint and not is_ours and ledger.read_row(batch, row)
    -- One that a person has taken up again stands in nobody's way.
    if record and record.parked then return entry end
  end
end

-- What becomes of a row that wants to send a customer: an outcome, and the fact that decides it.
--   unchanged  the submit that makes it unnecessary      pending  nothing
--   waiting    the claim of the row that has it          failed   { code, place of the row that has it }
function ledger.decide(record, place)
  local customer, fingerprint = record.custSpaceId, record.fingerprint
  local claim = ledger.claim_of(customer)
  if claim and claim.place == place then claim = nil end
  local is_busy = claim and claim.record.fingerprint ~= fingerprint
  local submitted = ledger.submitted_of(customer)
  local is_known = submitted and submitted.fingerprint == fingerprint and submitted.generation == ledger.generation()
  if is_known and not is_busy and not is_parked_above(customer, fingerprint, submitted.seq) then
    return 'unchanged', submitted
  end
  if is_busy then return 'failed', { code = 'CUSTOMER_BUSY', place = claim.place } end
  if claim then return 'waiting', claim end
  local parked = parked_alike(customer, fingerprint, place)
  if parked then return 'failed', { code = 'CUSTOMER_PARKED', place = parked.place } end
  return 'pending'
end

-- Makes the record say that its own submit succeeded.
function ledger.succeed(record, fact)
  record.outcome, record.unknown, record.lead, record.parked, record.superseded = 'submitted', nil, nil, nil, nil
  record.seq, record.requestId = fact.seq, fact.requestId
  record.code, record.message, record.hint, record.class = nil, nil, nil, nil
end

-- Makes the record say what `decide` found.
function ledger.apply(record, outcome, fact)
  record.outcome, record.lead, record.submittedAt = outcome, nil, nil
  record.code, record.message, record.hint, record.class = nil, nil, nil, nil
  if outcome == 'unchanged' then
    record.lead, record.requestId, record.submittedAt, record.unknown = fact.place, fact.requestId, fact.at, nil
  elseif outcome == 'waiting' then
    record.lead = fact.place
  elseif outcome == 'failed' then
    record.lead, record.code, record.class = fact.place, fact.code, 'customer'
    if fact.code == 'SUPERSEDED' then record.superseded = true end
  end
end

-- The place of other data for the same customer, enrolled later, that was submitted, is parked, or is on its way.
function ledger.find_newer(record, place)
  local function is_newer(other)
    return other and other.fingerprint ~= record.fingerprint and other.order > record.order
  end
  local generation = ledger.generation()
  local submitted = ledger.submitted_of(record.custSpaceId)
  if is_newer(submitted) and submitted.generation == generation then return submitted.place end
  for _, entry in ipairs(ledger.parked_of(record.custSpaceId)) do
    if is_newer(entry) and (entry.generation or 1) == generation then return entry.place end
  end
  local claim = ledger.claim_of(record.custSpaceId)
  if claim and claim.place ~= place and is_newer(claim.record) then return claim.place end
end
