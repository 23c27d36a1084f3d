-- Raises the number of the next submit above every number that was given before a backup was put back: to the time,
-- since no account makes a thousand submits a second.
--
-- KEYS  1 ledger
-- ARGV  none
-- Result  seq: the last number from now on

local seq = math.max(ledger.next('seq'), NOW)
-- `raisedTo` tells whoever finds a lower number too late that it is settled.
redis.call('HSET', ledger.key('counters'), 'seq', ledger.whole(seq), 'raisedTo', ledger.whole(seq))
return { 'seq', seq }
