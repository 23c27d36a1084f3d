-- Gives out the next number of a batch that takes single rows. Nothing else is ever enrolled under it, so enrolling may
-- be repeated; a number whose row never comes is left out.
--
-- KEYS  1 ledger
-- ARGV  1 batch id
--       2 request of the row, by which asking again finds the same number; '' for none
--       3 how long it does (s)
-- Result  row: its number; 0 if the batch takes no more rows, or is gone

local BATCH, REQUEST, KEPT_S = ARGV[1], ARGV[2], ARGV[3]

local facts = ledger.read_facts(BATCH)
if not facts or facts.purging or facts.sealed then return { 'row', 0 } end

local pointer = ledger.key('request:' .. REQUEST)
local known = REQUEST ~= '' and redis.call('GET', pointer)
local batch, number = ledger.split(known or '')
if batch == BATCH then return { 'row', tonumber(number) } end

local row = redis.call('HINCRBY', ledger.batch_key(BATCH), 'reserved', 1)
if REQUEST ~= '' then redis.call('SET', pointer, ledger.place(BATCH, row), 'EX', KEPT_S) end
return { 'row', row }
