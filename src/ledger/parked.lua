-- Included after `verdicts.lua`: rows whose submit may have arrived, and those that failed only because of them.

-- Rows of a customer that one script looks at; the upkeep does the rest.
local LOOKED_AT_MAX = 100

-- A row that failed because an attempt with the same data was parked (`from`) is unchanged if that was a success; or else
-- something else is in its way, or it fails for what the other failed for, or nothing is in its way any more.
local function follow(place, from, unparked)
  local batch, row = ledger.split(place)
  -- One that is damaged keeps nobody else from being told.
  local is_readable, record = pcall(ledger.read_row, batch, row)
  if not is_readable or not record then return end
  if record.code ~= 'CUSTOMER_PARKED' or record.fingerprint ~= unparked.fingerprint then return end
  local outcome, fact = ledger.decide(record, place)
  local newer = outcome ~= 'unchanged' and ledger.find_newer(record, place)
  if newer then
    outcome, fact = 'failed', { code = 'SUPERSEDED', place = newer }
  elseif outcome ~= 'unchanged' and (outcome ~= 'failed' or fact.place == unparked.endedBy) then
    outcome, fact = 'failed', unparked.failure or { code = 'CUSTOMER_UNPARKED', place = from }
  end
  ledger.change_row(batch, row, record, function(changed)
    ledger.apply(changed, outcome, fact)
    -- What was newer once, and is no longer, stands in nobody's way either.
    if fact.code == 'CUSTOMER_UNPARKED' then changed.superseded = nil end
  end)
end

-- Tells the next rows of its customer that a row is no longer parked, the newest first: if some are purged meanwhile, those
-- that are left only move to where it still comes. What remains is noted in this very script, so that it survives whoever
-- runs it. `unparked`: customer, fingerprint, failure (that of the row, if it failed), endedBy (the row whose success ended
-- the doubt: it still has the claim, and stands in nobody's way), left (rows that were not told yet).
-- Returns how many rows are left.
function ledger.follow_unparked(place, unparked)
  local places = ledger.read_list('rowsOf', unparked.customer)
  local from = math.min(unparked.left or #places, #places)
  unparked.left = math.max(from - LOOKED_AT_MAX, 0)
  for i = from, unparked.left + 1, -1 do follow(places[i], place, unparked) end
  if unparked.left == 0 then
    redis.call('HDEL', ledger.key('unparked'), place)
  else
    redis.call('HSET', ledger.key('unparked'), place, cjson.encode(unparked))
  end
  return unparked.left
end

-- A row is no longer parked, whatever has become of it; `more`: failure, endedBy.
function ledger.unpark(customer, place, more)
  local entry = ledger.forget_parked(customer, place)
  if not entry then return end
  more = more or {}
  ledger.follow_unparked(place, {
    customer = customer, fingerprint = entry.fingerprint, failure = more.failure, endedBy = more.endedBy,
  })
end

-- A row whose submit may have arrived is never simply over: a person decides.
function ledger.keep_doubt(record)
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
function ledger.keep_parked(customer, place, record)
  if record.parked then
    ledger.park(customer, place, record)
  elseif not ACTIVE[record.outcome] and record.outcome ~= 'submitted' then
    -- What another row has to do with it need not be so for those that follow.
    local is_own = record.outcome == 'failed' and not record.lead
    ledger.unpark(customer, place, { failure = is_own and { code = record.code, place = place } or nil })
  end
end
