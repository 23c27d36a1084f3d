-- Moves a row to another outcome, with its counters, its customer and its batch, or refuses and changes nothing.
--
-- KEYS  1 batch  2 rows  3 customers  4 events  5 recoverable
-- ARGV  1 row
--       2 outcome to move to
--       3 patch (JSON; null removes a field)
--       4 increments (JSON)
--       5 fence: the token that holds the row, '' for none
--       6 now (ms since 1970)
--       7 CustSpaceId
--       8 fingerprint where a redrive claims the customer again, '' otherwise
-- Result  isMoved (1 or 0), record (JSON: as it is from now on)
-- Error   ONBOARD_NO_ROW

local move = {
  batch = KEYS[1], rows = KEYS[2], customers = KEYS[3], events = KEYS[4], recoverable = KEYS[5],
  row = ARGV[1], to = ARGV[2], patch = ARGV[3], add = ARGV[4], fence = ARGV[5], now = ARGV[6], customer = ARGV[7],
  claim = ARGV[8],
}

local record, stored, customer = read_movable(move)
if not stored then return redis.error_reply('ONBOARD_NO_ROW') end
if not record then return { 'isMoved', 0, 'record', stored } end
return { 'isMoved', 1, 'record', mark_row(move, record, customer) }
