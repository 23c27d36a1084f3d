-- After a backup was put back: rows that may have been sent since then are in doubt.
--
-- KEYS  1 ledger
-- ARGV  1 batch id
--       2 1 to leave rows that are under way to a person, 0 to send them again
--       3 who recovers
--       4 names this recovery
--       5, 6, … row
-- Result  doubted: how many, promoted (places of waiting rows that may be sent now)

local BATCH, PARKS, BY, RECOVERY = ARGV[1], ARGV[2] == '1', ARGV[3], ARGV[4]
local ARGUMENTS_BEFORE_ROWS = 4

local promoted, doubted = {}, 0

-- The recurring redrive would send it again, so that it is on its way as much as an active one.
local function is_scheduled(record)
  return record.outcome == 'failed' and (record.class == 'transient' or record.class == 'account')
end

local function doubt(record)
  record.ambiguous = (record.ambiguous or 0) + 1
  if not ACTIVE[record.outcome] and not (PARKS and is_scheduled(record)) then return end
  record.unknown = true
  -- It may have been the last of all submits of its customer.
  record.seq, record.generation = ledger.next('seq'), record.generation or ledger.generation()
  if PARKS then
    ledger.apply(record, 'failed', { code = 'SUBMIT_OUTCOME_UNKNOWN' })
    record.message = 'A backup of Redis was put back; whether the row was sent since is unknown.'
  end
end

for i = ARGUMENTS_BEFORE_ROWS + 1, #ARGV do
  local record = ledger.read_row(BATCH, ARGV[i])
  if record and record.outcome ~= 'submitted' and record.outcome ~= 'unchanged' then
    ledger.move_row(BATCH, ARGV[i], record, doubt, promoted)
    doubted = doubted + 1
  end
end
if doubted > 0 then
  local entry = { by = BY, action = 'recover', counts = { rows = doubted }, of = RECOVERY }
  ledger.note_portion(BATCH, entry, function(counts)
    return ledger.rows_in_words(counts.rows) .. ' may have been sent'
  end)
end
return { 'doubted', doubted, 'promoted', promoted }
