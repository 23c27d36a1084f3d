-- A person decides what became of a parked row.
--
-- KEYS  1 ledger
-- ARGV  1 batch id
--       2 row
--       3 'submitted' or 'failed'
--       4 who decides
-- Result  isSettled (1, or 0 if the row is not parked), custSpaceId ('' if there is no such row)
--         promoted (places of waiting rows that may be sent now)
--         left (1 if not all rows that failed because of it have been told)

local BATCH, ROW, AS, BY = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local SETTLED = 'SETTLED_AS_FAILED'

local promoted = {}
local record = ledger.read_row(BATCH, ROW)
if not record or not record.parked then
  return { 'isSettled', 0, 'custSpaceId', record and record.custSpaceId or '', 'promoted', promoted, 'left', 0 }
end
local customer, place = record.custSpaceId, ledger.place(BATCH, ROW)
if AS == 'submitted' then
  local fact = {
    place = place, at = NOW, seq = record.seq or 0, order = record.order, fingerprint = record.fingerprint,
    generation = record.generation or ledger.generation(),
    authorizeRequestId = record.authorizeRequestId,
  }
  ledger.record_success(customer, fact)
  ledger.submit_row(BATCH, ROW, record, fact, promoted)
else
  -- A retry would leave it to the newer data.
  local newer = ledger.find_newer(record, place) or record.superseded and record.lead
  ledger.change_row(BATCH, ROW, record, function(changed)
    ledger.apply(changed, 'failed', { code = newer and 'SUPERSEDED' or SETTLED, place = newer or nil })
    changed.parked, changed.unknown = nil, nil
    if not newer then changed.class, changed.superseded = 'unknown', nil end
  end)
  ledger.unpark(customer, place, { failure = { code = SETTLED, place = place } })
end
record.message = 'Settled as ' .. AS .. ' by ' .. BY .. '.'
ledger.put_row(BATCH, ROW, record)
ledger.note(BATCH, { by = BY, action = 'settle', details = 'row ' .. ROW .. ' as ' .. AS })
return {
  'isSettled', 1, 'custSpaceId', customer, 'promoted', promoted,
  'left', redis.call('HEXISTS', ledger.key('unparked'), place),
}
