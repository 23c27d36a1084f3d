-- Takes rows of a batch out of the recurring redrive, because a person cancels what is left of it.
--
-- KEYS  1 ledger
-- ARGV  1 batch id
--       2 who cancels
--       3 names this cancellation
--       4, 5, … row
-- Result  withdrawn: how many were in it

local BATCH, BY, CANCELLATION = ARGV[1], ARGV[2], ARGV[3]

if not ledger.read_facts(BATCH) then return { 'withdrawn', 0 } end

local places = {}
for i = 4, #ARGV do places[#places + 1] = ledger.place(BATCH, ARGV[i]) end
local withdrawn = redis.call('ZREM', ledger.key('recoverable'), unpack(places))
if withdrawn > 0 then
  local entry = { by = BY, action = 'cancel', counts = { retries = withdrawn }, of = CANCELLATION }
  ledger.note_portion(BATCH, entry, function(counts)
    return counts.retries .. (counts.retries == 1 and ' scheduled retry' or ' scheduled retries')
  end)
end
return { 'withdrawn', withdrawn }
