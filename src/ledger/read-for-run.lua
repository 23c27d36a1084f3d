-- Reads what a run of a job begins with, in one round trip.
--
-- KEYS  1 rows  2 inputs  3 batch
-- ARGV  1 row
-- Result  record (JSON), input (JSON), state (of the batch); each null where there is none

local ROWS, INPUTS, BATCH = KEYS[1], KEYS[2], KEYS[3]
local ROW = ARGV[1]

return {
  'record', redis.call('HGET', ROWS, ROW),
  'input', redis.call('HGET', INPUTS, ROW),
  'state', redis.call('HGET', BATCH, 'state'),
}
