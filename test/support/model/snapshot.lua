-- Everything that an account's ledger holds, as one JSON text: read as it is stored, by nothing that the ledger uses.
--
-- KEYS  1 ledger
-- ARGV  1 indexes to look for (JSON list: 'is:failed', 'code:REFUSED', …)
--       2, 3, … batch id
-- Result  snapshot (JSON)

local LOOKED_FOR = cjson.decode(ARGV[1])

local function read_hash(key)
  local fields, flat = {}, redis.call('HGETALL', key)
  for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
  return fields
end

-- Indexes as hexadecimal text, because a bitmap is no text; '' where there is none.
local function read_indexes(batch, names)
  local keys, texts = {}, {}
  for i, name in ipairs(names) do keys[i] = batch .. ':' .. name end
  for i, bits in ipairs(redis.call('MGET', unpack(keys))) do
    texts[i] = bits and string.gsub(bits, '.', function(byte) return string.format('%02x', string.byte(byte)) end) or ''
  end
  return texts
end

local function read_batch(id)
  local batch = KEYS[1] .. ':batch:' .. id
  local keys = redis.call(
    'EXISTS', batch, batch .. ':rows', batch .. ':inputs', batch .. ':codes', batch .. ':events', batch .. ':log',
    batch .. ':redrives'
  )
  return {
    keys = keys, hash = read_hash(batch), rows = read_hash(batch .. ':rows'), codes = read_hash(batch .. ':codes'),
    inputs = redis.call('HLEN', batch .. ':inputs'), indexes = read_indexes(batch, LOOKED_FOR),
    gone = redis.call('EXISTS', KEYS[1] .. ':gone:' .. id),
    listed = redis.call('ZSCORE', KEYS[1] .. ':batches', id) and 1 or 0,
  }
end

local snapshot = { batches = {} }
for i = 2, #ARGV do snapshot.batches[ARGV[i]] = read_batch(ARGV[i]) end
for _, name in ipairs({ 'claims', 'submitted', 'parked', 'rowsOf', 'waiters', 'sources', 'reviews' }) do
  snapshot[name] = read_hash(KEYS[1] .. ':' .. name)
end
snapshot.recoverable = {}
for _, place in ipairs(redis.call('ZRANGE', KEYS[1] .. ':recoverable', 0, -1)) do snapshot.recoverable[place] = 1 end
snapshot.awaited = {}
for _, customer in ipairs(redis.call('ZRANGE', KEYS[1] .. ':awaited', 0, -1)) do snapshot.awaited[customer] = 1 end
return { 'snapshot', cjson.encode(snapshot) }
