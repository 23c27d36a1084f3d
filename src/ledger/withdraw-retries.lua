-- Takes rows of a batch out of the recurring redrive, because a person cancels what is left of it.
--
-- KEYS  1 ledger
-- ARGV  1 batch id
--       2 who cancels
--       3, 4, … row
-- Result  withdrawn: how many were in it

local BATCH, BY = ARGV[1], ARGV[2]

local places = {}
for i = 3, #ARGV do places[#places + 1] = ledger.place(BATCH, ARGV[i]) end
local withdrawn = redis.call('ZREM', ledger.key('recoverable'), unpack(places))
if withdrawn > 0 then
  ledger.note_portion(BATCH, { by = BY, action = 'cancel', rows = withdrawn, of = 'retries' }, function(rows)
    return rows .. (rows == 1 and ' scheduled retry' or ' scheduled retries')
  end)
end
return { 'withdrawn', withdrawn }
