-- Takes the next slot for the call of a row and marks the row, in one step: a row is marked only if its slot is due soon,
-- and a slot is taken only for a row that may move.
--
-- KEYS  1-5 those of `slot.lua`
--       6 batch  7 rows  8 customers  9 events  10 recoverable
-- ARGV  1-10 those of `slot.lua`
--       11 row (its number)
--       12 outcome during the call
--       13 patch (JSON; null removes a field)
--       14 increments (JSON)
--       15 fence: the token that holds the row, '' for none
--       16 now (ms since 1970)
--       17 CustSpaceId
-- Result  that of `ask.lua`, or, with nothing changed:
--         verdict 'refused': outcome (of the row, which another run has moved)
--         verdict 'batch': the batch is paused or cancelled
-- Error   ONBOARD_NO_ROW

local move = {
  batch = KEYS[6], rows = KEYS[7], customers = KEYS[8], events = KEYS[9], recoverable = KEYS[10],
  row = ARGV[11], to = ARGV[12], patch = ARGV[13], add = ARGV[14], fence = ARGV[15], now = ARGV[16], customer = ARGV[17],
  claim = '',
}

-- The facts of the batch that keep its rows from being sent.
local function is_stopped(batch)
  local state = redis.call('HGET', batch, 'state')
  return state == 'paused' or state == 'cancelling'
end

local record, stored, customer = read_movable(move)
if not stored then return redis.error_reply('ONBOARD_NO_ROW') end
if not record then return { 'verdict', 'refused', 'outcome', cjson.decode(stored).outcome } end
if is_stopped(move.batch) then return { 'verdict', 'batch' } end
local refusal, slot = find_slot()
if refusal then return refusal end
mark_row(move, record, customer)
return take_slot(slot)
