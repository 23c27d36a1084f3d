-- Takes the next slot for the call of a row and marks the row, in one step: a row is marked only if its slot is due soon,
-- and a slot is taken only for a row that may be sent.
--
-- KEYS  1-8 those of `slot.lua`
--       9 ledger
-- ARGV  1-11 those of `slot.lua`
--       12 batch id
--       13 row
--       14 outcome during the call
--       15 patch (JSON; null removes a field)
--       16 increments (JSON)
--       17 fence: the token that holds the row, '' for none
-- Result  that of `ask.lua`; with a slot also record (JSON: of the row, as it is from now on)
--         verdict 'obstacle': obstacle (see `mark.lua`), promoted (places of waiting rows that may be sent now)

local BATCH, ROW = ARGV[12], ARGV[13]

local promoted = {}
local mark = { to = ARGV[14], patch = cjson.decode(ARGV[15]), increments = cjson.decode(ARGV[16]), fence = ARGV[17] }
local obstacle, record = ledger.check(BATCH, ROW, mark, promoted)
if obstacle then return { 'verdict', 'obstacle', 'obstacle', obstacle, 'promoted', promoted } end
local refusal, slot = find_slot()
if refusal then return refusal end
ledger.mark(BATCH, ROW, record, mark)
local reply = take_slot(slot)
reply[#reply + 1], reply[#reply + 2] = 'record', cjson.encode(record)
return reply
