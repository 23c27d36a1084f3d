-- Marks a row before its limited call, if nothing is in its way.
--
-- KEYS  1 ledger
-- ARGV  1 batch id
--       2 row
--       3 outcome during the call
--       4 patch (JSON; null removes a field)
--       5 increments (JSON)
--       6 fence: the token that holds the row, '' for none
-- Result  verdict: 'marked', 'gone', 'cancelled', 'paused', 'decided' or 'moved' (see `mark.lua`)
--         record (JSON: as it is from now on; null where there is none)
--         promoted (places of waiting rows that may be sent now)

local promoted = {}
local mark = { to = ARGV[3], patch = cjson.decode(ARGV[4]), increments = cjson.decode(ARGV[5]), fence = ARGV[6] }
local obstacle, record = ledger.check(ARGV[1], ARGV[2], mark, promoted)
if not obstacle then ledger.mark(ARGV[1], ARGV[2], record, mark) end
return { 'verdict', obstacle or 'marked', 'record', record and cjson.encode(record) or false, 'promoted', promoted }
