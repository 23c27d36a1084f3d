-- Finds the customers that are on their way with other data.
--
-- KEYS  1 ledger
-- ARGV  1, 3, … CustSpaceId
--       2, 4, … fingerprint of the data that somebody wants to send
-- Result  busy: positions (counted from 1) of the customers that are

local busy = {}
for i = 1, #ARGV, 2 do
  local claim = ledger.claim_of(ARGV[i])
  if claim and claim.record.fingerprint ~= ARGV[i + 1] then busy[#busy + 1] = (i + 1) / 2 end
end
return { 'busy', busy }
