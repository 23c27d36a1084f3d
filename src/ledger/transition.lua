-- Moves a row to another outcome, with everything that depends on it, or refuses and changes nothing.
--
-- KEYS  1 ledger
-- ARGV  1 batch id
--       2 row
--       3 outcome to move to
--       4 patch (JSON; null removes a field)
--       5 increments (JSON)
--       6 fence: the token that holds the row, '' for none
--       7 number of lost answers with which the row ends instead; 0 for any number
-- Result  isMoved (1 or 0), record (JSON: as it is from now on), promoted (places of waiting rows that may be sent now)
-- Error   ONBOARD_NO_ROW

local BATCH, ROW, TO, FENCE, PARK_AT = ARGV[1], ARGV[2], ARGV[3], ARGV[6], tonumber(ARGV[7])

local record = ledger.read_row(BATCH, ROW)
if not record then return redis.error_reply('ONBOARD_NO_ROW') end
if not ALLOWED[record.outcome][TO] or (record.token or '') ~= FENCE then
  return { 'isMoved', 0, 'record', cjson.encode(record), 'promoted', {} }
end
local promoted = {}
local patch = cjson.decode(ARGV[4])
-- Only the attempt that holds the row can know about its last submit: an answer that comes late is about an earlier one.
if FENCE == '' then patch.unknown = nil end
local increments = cjson.decode(ARGV[5])
local is_lost = PARK_AT > 0 and (record.ambiguous or 0) + (increments.ambiguous or 0) >= PARK_AT
local change = ledger.patcher(is_lost and 'failed' or TO, patch, increments)
ledger.move_row(BATCH, ROW, record, change, promoted)
return { 'isMoved', 1, 'record', cjson.encode(record), 'promoted', promoted }
