-- Looks again at waiting rows of a batch: what they wait for may be over, or unable to go on.
--
-- KEYS  1 ledger
-- ARGV  1 batch id
--       2, 3, … row
-- Result  promoted (places of waiting rows that may be sent now)

local promoted = {}
for i = 2, #ARGV do
  local record = ledger.read_row(ARGV[1], ARGV[i])
  if record and record.outcome == 'waiting' then
    ledger.serve_one(record.custSpaceId, ledger.place(ARGV[1], ARGV[i]), promoted)
  end
end
return { 'promoted', promoted }
