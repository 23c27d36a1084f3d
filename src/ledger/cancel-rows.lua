-- Cancels those of some rows of a cancelled batch that are not being called for right now, and takes those that failed
-- from the recurring redrive.
--
-- KEYS  1 ledger
-- ARGV  1 batch id
--       2, 3, … row
-- Result  isCancelled (1, or 0 if the batch is not, or no longer: then nothing has changed)
--         rows: the numbers of the rows that were moved, promoted (places of waiting rows that may be sent now)

local BATCH = ARGV[1]
local WAITS = { pending = true, waiting = true, uploaded = true }

local facts = ledger.read_facts(BATCH)
if not facts or not facts.cancelled then return { 'isCancelled', 0, 'rows', {}, 'promoted', {} } end
local rows, promoted = {}, {}
for i = 2, #ARGV do
  local record = ledger.read_row(BATCH, ARGV[i])
  if record and record.outcome == 'failed' then redis.call('ZREM', ledger.key('recoverable'), ledger.place(BATCH, ARGV[i])) end
  if record and WAITS[record.outcome] then
    ledger.move_row(BATCH, ARGV[i], record, function(changed) ledger.apply(changed, 'cancelled') end, promoted)
    rows[#rows + 1] = ARGV[i]
  end
end
return { 'isCancelled', 1, 'rows', rows, 'promoted', promoted }
