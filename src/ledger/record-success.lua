-- Writes down that a submit succeeded: with the customer in any case, and with the row if it is still there. May be
-- repeated, and comes at any time: the row may have been given up, sent again, or purged meanwhile.
--
-- KEYS  1 ledger
-- ARGV  1 batch id
--       2 row
--       3 CustSpaceId
--       4 the fact (JSON): fingerprint, seq, order, generation, requestId
-- Result  isMoved (1 or 0: the row was not submitted before), promoted (places of waiting rows that may be sent now)

local BATCH, ROW, CUSTOMER = ARGV[1], ARGV[2], ARGV[3]

local promoted = {}
local fact = cjson.decode(ARGV[4])
fact.place, fact.at = ledger.place(BATCH, ROW), NOW

local record = ledger.read_row(BATCH, ROW)
if record and record.outcome == 'submitted' and record.seq == fact.seq then return { 'isMoved', 0, 'promoted', promoted } end
ledger.record_success(CUSTOMER, fact)
-- A later submit of the row is under way: the row is left to whoever holds it.
local is_held = record and record.token and (record.seq or 0) > fact.seq
local is_new = record and not is_held and record.outcome ~= 'submitted' and record.outcome ~= 'unchanged'
if is_new then ledger.submit_row(BATCH, ROW, record, fact, promoted) end
return { 'isMoved', is_new and 1 or 0, 'promoted', promoted }
