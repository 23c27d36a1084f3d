-- Reads what a run of a job begins with, in one round trip.
--
-- KEYS  1 ledger
-- ARGV  1 batch id
--       2 row
-- Result  record (JSON), input (JSON), each null where there is none; isCancelled, isPaused (1 or 0);
--         priority (of the batch; 0 for the usual one), now (ms since 1970, by the clock of Redis)

local facts = ledger.read_facts(ARGV[1]) or {}
return {
  'record', redis.call('HGET', ledger.batch_key(ARGV[1], 'rows'), ARGV[2]),
  'input', redis.call('HGET', ledger.batch_key(ARGV[1], 'inputs'), ARGV[2]),
  'isCancelled', facts.cancelled and 1 or 0,
  'isPaused', facts.paused and 1 or 0,
  'priority', tonumber(redis.call('HGET', ledger.batch_key(ARGV[1]), 'priority') or '0'),
  'now', NOW,
}
