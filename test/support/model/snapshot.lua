-- Everything that an account's ledger holds, as one JSON text: read as it is stored, by nothing that the ledger uses.
--
-- KEYS  1 ledger
-- ARGV  1 outcomes and codes to look for (JSON: { outcomes, codes })
--       2, 3, … batch id
-- Result  snapshot (JSON)

local LOOKED_FOR = cjson.decode(ARGV[1])

local function read_hash(key)
  local fields, flat = {}, redis.call('HGETALL', key)
  for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
  return fields
end

local function read_bits(batch, kind, names)
  local bits = {}
  for _, name in ipairs(names) do bits[name] = redis.call('BITCOUNT', batch .. ':' .. kind .. ':' .. name) end
  return bits
end

-- How many of the keys that a batch can have exist.
local function count_keys(batch)
  local keys = { batch }
  for _, part in ipairs({ 'rows', 'inputs', 'codes', 'events', 'log', 'redrives' }) do
    keys[#keys + 1] = batch .. ':' .. part
  end
  for _, outcome in ipairs(LOOKED_FOR.outcomes) do keys[#keys + 1] = batch .. ':is:' .. outcome end
  for _, code in ipairs(LOOKED_FOR.codes) do keys[#keys + 1] = batch .. ':code:' .. code end
  return redis.call('EXISTS', unpack(keys))
end

local function read_batch(id)
  local batch = KEYS[1] .. ':batch:' .. id
  local rows, marked = read_hash(batch .. ':rows'), {}
  for row, text in pairs(rows) do
    local record = cjson.decode(text)
    marked[row] = redis.call('GETBIT', batch .. ':is:' .. record.outcome, row)
    if record.outcome == 'failed' and record.code then
      marked[row] = marked[row] + 2 * redis.call('GETBIT', batch .. ':code:' .. record.code, row)
    end
  end
  return {
    keys = count_keys(batch), hash = read_hash(batch), rows = rows, marked = marked,
    inputs = redis.call('HLEN', batch .. ':inputs'), codes = read_hash(batch .. ':codes'),
    bits = read_bits(batch, 'is', LOOKED_FOR.outcomes), codeBits = read_bits(batch, 'code', LOOKED_FOR.codes),
    gone = redis.call('EXISTS', KEYS[1] .. ':gone:' .. id),
    listed = redis.call('ZSCORE', KEYS[1] .. ':batches', id) and 1 or 0,
  }
end

local snapshot = { batches = {} }
for i = 2, #ARGV do snapshot.batches[ARGV[i]] = read_batch(ARGV[i]) end
for _, name in ipairs({ 'claims', 'submitted', 'parked', 'rowsOf', 'waiters', 'sources' }) do
  snapshot[name] = read_hash(KEYS[1] .. ':' .. name)
end
snapshot.recoverable = {}
for _, place in ipairs(redis.call('ZRANGE', KEYS[1] .. ':recoverable', 0, -1)) do snapshot.recoverable[place] = 1 end
return { 'snapshot', cjson.encode(snapshot) }
