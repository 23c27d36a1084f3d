-- Included by the scripts that decide about customers, after `reviews.lua`: which row may send a customer now (its claim),
-- which attempts have no known outcome (parked), and whether a row could run.

-- A list is kept as text, because a customer has rarely more than one entry: 'abc 1,abd 7'.
function ledger.read_list(name, customer)
  local list = {}
  for each in string.gmatch(redis.call('HGET', ledger.key(name), customer) or '', '[^,]+') do list[#list + 1] = each end
  return list
end

function ledger.write_list(name, customer, list)
  if #list == 0 then return redis.call('HDEL', ledger.key(name), customer) end
  return redis.call('HSET', ledger.key(name), customer, table.concat(list, ','))
end

local function without(list, item)
  local rest = {}
  for _, each in ipairs(list) do
    if each ~= item then rest[#rest + 1] = each end
  end
  return rest
end

function ledger.add_to_list(name, customer, place)
  local list = without(ledger.read_list(name, customer), place)
  list[#list + 1] = place
  ledger.write_list(name, customer, list)
end

function ledger.drop_from_list(name, customer, place)
  ledger.write_list(name, customer, without(ledger.read_list(name, customer), place))
end

function ledger.parked_of(customer)
  local stored = redis.call('HGET', ledger.key('parked'), customer)
  return stored and cjson.decode(stored) or {}
end

local function write_parked(customer, entries)
  if #entries == 0 then return redis.call('HDEL', ledger.key('parked'), customer) end
  return redis.call('HSET', ledger.key('parked'), customer, cjson.encode(entries))
end

-- Forgets the parked attempt of a row. Returns it; nil if there was none.
function ledger.forget_parked(customer, place)
  local rest, found = {}, nil
  for _, entry in ipairs(ledger.parked_of(customer)) do
    if entry.place == place then found = entry else rest[#rest + 1] = entry end
  end
  if found then write_parked(customer, rest) end
  return found
end

function ledger.park(customer, place, record)
  ledger.forget_parked(customer, place)
  local entries = ledger.parked_of(customer)
  entries[#entries + 1] = {
    place = place, seq = record.seq or 0, order = record.order, fingerprint = record.fingerprint, generation = record.generation,
  }
  write_parked(customer, entries)
end

-- The row that may send a customer now, with its record; nil if none does. A row that is no longer active holds nothing.
function ledger.claim_of(customer)
  local place = redis.call('HGET', ledger.key('claims'), customer)
  if not place then return nil end
  local batch, row = ledger.split(place)
  local record = ledger.read_row(batch, row)
  if not record or not ACTIVE[record.outcome] or record.outcome == 'waiting' then return nil end
  return { place = place, batch = batch, row = row, record = record }
end

function ledger.give_claim(customer, place)
  redis.call('HSET', ledger.key('claims'), customer, place)
end

function ledger.release_claim(customer, place)
  if redis.call('HGET', ledger.key('claims'), customer) == place then redis.call('HDEL', ledger.key('claims'), customer) end
end

-- The earliest time at which a row may be sent: that of the redrive that took it, or else of its batch.
function ledger.due_at(facts, record)
  return record.redrive and (record.notBefore or 0) or facts.not_before
end

-- Whether a row would be fetched and sent, as far as a person has decided.
function ledger.may_run(facts, record)
  if facts.cancelled or facts.paused or facts.purging then return false end
  return ledger.due_at(facts, record) <= NOW
end
