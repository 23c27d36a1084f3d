-- Lets further rows follow one that a person has settled; see `ledger.follow_parked`.
--
-- KEYS  1 ledger
-- ARGV  1 custSpaceId
--       2 fingerprint of the settled row
--       3 its place, if it was settled as failed; or ''
--       4 number to begin from, among the rows of the customer
-- Result  next (number to go on from, or 0)

local failure = ARGV[3] ~= '' and { code = 'SETTLED_AS_FAILED', place = ARGV[3] } or nil
return { 'next', ledger.follow_parked(ARGV[1], ARGV[2], failure, tonumber(ARGV[4])) }
