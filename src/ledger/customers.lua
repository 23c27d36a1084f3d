-- Included by the scripts that decide about customers, after `reviews.lua`: who may send a customer now (its claim), which
-- attempts have no known outcome (parked), and which rows wait.

-- Waiting rows that one script moves at most; the upkeep does the rest.
local SERVED_MAX = 16
-- Rows that follow a parked one at most, when it turns out to have been submitted.
local FOLLOWERS_MAX = 100
-- Earlier successes of a customer that are known by their numbers.
local OTHERS_MAX = 4

-- A list is kept as text, because a customer has rarely more than one entry: 'abc 1,abd 7'.
local function read_list(name, customer)
  local list = {}
  for each in string.gmatch(redis.call('HGET', ledger.key(name), customer) or '', '[^,]+') do list[#list + 1] = each end
  return list
end

local function write_list(name, customer, list)
  if #list == 0 then return redis.call('HDEL', ledger.key(name), customer) end
  return redis.call('HSET', ledger.key(name), customer, table.concat(list, ','))
end

local function without(list, item)
  local rest = {}
  for _, each in ipairs(list) do
    if each ~= item then rest[#rest + 1] = each end
  end
  return rest
end

function ledger.add_to_list(name, customer, place)
  local list = without(read_list(name, customer), place)
  list[#list + 1] = place
  write_list(name, customer, list)
end

function ledger.drop_from_list(name, customer, place)
  write_list(name, customer, without(read_list(name, customer), place))
end

function ledger.parked_of(customer)
  local stored = redis.call('HGET', ledger.key('parked'), customer)
  return stored and cjson.decode(stored) or {}
end

local function write_parked(customer, entries)
  if #entries == 0 then return redis.call('HDEL', ledger.key('parked'), customer) end
  return redis.call('HSET', ledger.key('parked'), customer, cjson.encode(entries))
end

-- Forgets the parked attempt of a row. Returns whether there was one.
function ledger.unpark(customer, place)
  local rest, found = {}, false
  for _, entry in ipairs(ledger.parked_of(customer)) do
    if entry.place == place then found = true else rest[#rest + 1] = entry end
  end
  if found then write_parked(customer, rest) end
  return found
end

function ledger.park(customer, place, record)
  ledger.unpark(customer, place)
  local entries = ledger.parked_of(customer)
  entries[#entries + 1] = {
    place = place, seq = record.seq or 0, order = record.order, fingerprint = record.fingerprint, generation = record.generation,
  }
  write_parked(customer, entries)
end

-- The row that may send a customer now, with its record; nil if none does. A row that is no longer active holds nothing.
function ledger.claim_of(customer)
  local place = redis.call('HGET', ledger.key('claims'), customer)
  if not place then return nil end
  local batch, row = ledger.split(place)
  local record = ledger.read_row(batch, row)
  if not record or not ACTIVE[record.outcome] or record.outcome == 'waiting' then return nil end
  return { place = place, batch = batch, row = row, record = record }
end

function ledger.give_claim(customer, place)
  redis.call('HSET', ledger.key('claims'), customer, place)
end

function ledger.release_claim(customer, place)
  if redis.call('HGET', ledger.key('claims'), customer) == place then redis.call('HDEL', ledger.key('claims'), customer) end
end

-- The earliest time at which a row may be sent: that of the redrive that took it, or else of its batch.
function ledger.due_at(facts, record)
  return record.redrive and (record.notBefore or 0) or facts.not_before
end

-- Whether a row would be fetched and sent, as far as a person has decided.
function ledger.may_run(facts, record)
  if facts.cancelled or facts.paused or facts.purging then return false end
  return ledger.due_at(facts, record) <= NOW
end

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
  record.outcome, record.unknown, record.lead, record.parked = 'submitted', nil, nil, nil
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
  local list = read_list('waiters', customer)
  table.insert(list, 1, claim.place)
  write_list('waiters', customer, list)
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

-- An earlier submit of the row may have counted while a later one was under way: then that is what became of the row,
-- however the later one ended, and nothing more is sent. An answer of which nobody knows stays on record in `ambiguous`.
local OVERRULED = { failed = true, cancelled = true, pending = true, uploaded = true, unchanged = true }
local function keep_success(record, place)
  local fact = OVERRULED[record.outcome] and ledger.submitted_of(record.custSpaceId)
  if not fact or fact.place ~= place then return end
  if fact.fingerprint ~= record.fingerprint or fact.generation ~= ledger.generation() then return end
  ledger.succeed(record, fact)
end

-- A row whose submit may have arrived is never simply over: a person decides.
local function keep_doubt(record)
  if not record.unknown or (record.outcome ~= 'failed' and record.outcome ~= 'cancelled') then return end
  local submitted = ledger.submitted_of(record.custSpaceId)
  -- What was sent since has replaced it, whether it arrived or not.
  if submitted and submitted.seq > (record.seq or 0) then
    record.unknown = nil
    return
  end
  if record.code ~= 'SUBMIT_OUTCOME_UNKNOWN' then
    local before = record.message and record.message ~= '' and ' Then: ' .. record.message or ''
    record.message = 'The answer to a submit was lost.' .. before
    record.code, record.hint = 'SUBMIT_OUTCOME_UNKNOWN', nil
  end
  record.outcome, record.parked, record.class = 'failed', true, 'ambiguous'
end

-- The doubt about a row is known for as long as the row is in doubt, also while it is being sent again.
local function keep_parked(customer, place, record)
  if record.parked then
    ledger.park(customer, place, record)
  elseif not ACTIVE[record.outcome] and record.outcome ~= 'submitted' then
    ledger.unpark(customer, place)
  end
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
    keep_doubt(changed)
  end)
  keep_parked(customer, place, record)
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
  local list = read_list('waiters', customer)
  for i = 1, math.min(#list, SERVED_MAX) do ledger.serve_one(customer, list[i], promoted) end
end

-- A success ends the parked attempts before it: other data has been replaced, and the same data (parked at an earlier
-- peer) has arrived. The doubt stays on record.
local function end_parked(customer, fact)
  for _, entry in ipairs(ledger.parked_of(customer)) do
    local is_same = entry.fingerprint == fact.fingerprint
    local is_over = entry.seq < fact.seq and (not is_same or fact.generation == ledger.generation())
    local batch, row = ledger.split(entry.place)
    local record = is_over and ledger.read_row(batch, row)
    if is_over then ledger.unpark(customer, entry.place) end
    if record and record.parked then
      ledger.change_row(batch, row, record, function(changed)
        if is_same then ledger.apply(changed, 'unchanged', fact) end
        changed.parked, changed.unknown, changed.lead = nil, nil, fact.place
        if not is_same then changed.superseded = true end
      end)
    end
  end
end

-- Rows that failed only because an attempt with the same data was parked, which has turned out to be a success.
local function follow_parked(customer, fact)
  local followed = 0
  for _, place in ipairs(read_list('rowsOf', customer)) do
    local batch, row = ledger.split(place)
    local record = followed < FOLLOWERS_MAX and ledger.read_row(batch, row)
    local is_alike = record and record.code == 'CUSTOMER_PARKED' and record.fingerprint == fact.fingerprint
    if is_alike and ledger.decide(record, place) == 'unchanged' then
      ledger.change_row(batch, row, record, function(changed) ledger.apply(changed, 'unchanged', fact) end)
      followed = followed + 1
    end
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
  local was_parked = ledger.unpark(customer, fact.place)
  local known = ledger.submitted_of(customer)
  if known and is_counted(known, fact) then return end
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
  if is_last then end_parked(customer, fact) end
  if is_last and was_parked then follow_parked(customer, fact) end
end

-- Changes a row and keeps its customer in step: claim, parked attempts, rows that wait. Adds waiting rows that may be
-- sent now to `promoted`.
function ledger.move_row(batch, row, record, change, promoted)
  local customer, place = record.custSpaceId, ledger.place(batch, row)
  local was_waiting = record.outcome == 'waiting'
  ledger.change_row(batch, row, record, function(changed)
    change(changed)
    keep_success(changed, place)
    keep_doubt(changed)
  end)
  keep_parked(customer, place, record)
  if was_waiting and record.outcome ~= 'waiting' then ledger.drop_from_list('waiters', customer, place) end
  if ACTIVE[record.outcome] then return end
  ledger.release_claim(customer, place)
  ledger.serve(customer, promoted)
end

-- A row whose submit succeeded.
function ledger.submit_row(batch, row, record, fact, promoted)
  ledger.move_row(batch, row, record, function(changed) ledger.succeed(changed, fact) end, promoted)
end

