-- Finds whether a worker or an import may use a ledger with its peer. Records the peer where none is recorded, and begins
-- a new generation for another simulator.
--
-- KEYS  1 peer of the ledger (a hash)
--       2… data that only the version before leaves without a peer; none in a rehearsal
-- ARGV  1 kind of the peer
--       2 its host
--       3 instance of the simulator; '' if it is unknown
--       4 newest schema that the caller knows
-- Result  outcome ('ok', 'raised', 'mismatch', 'newer', 'before'), and the record as it is now: kind, hosts, generation,
--         schema, instance

local PEER = KEYS[1]
local KIND, HOST, INSTANCE, SCHEMA = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])

local function result(outcome)
  local record = redis.call('HMGET', PEER, 'kind', 'hosts', 'generation', 'schema', 'instance')
  return {
    'outcome', outcome, 'kind', record[1] or KIND, 'hosts', record[2] or '', 'generation', record[3] or '0',
    'schema', record[4] or '0', 'instance', record[5] or '',
  }
end

local function holds_data()
  for index = 2, #KEYS do
    if redis.call('EXISTS', KEYS[index]) == 1 then return true end
  end
  return false
end

local function has_host(hosts)
  return string.find(' ' .. hosts .. ' ', ' ' .. HOST .. ' ', 1, true) ~= nil
end

local generation, schema, hosts, instance = unpack(redis.call('HMGET', PEER, 'generation', 'schema', 'hosts', 'instance'))
if not generation then
  if holds_data() then return result('before') end
  redis.call('HSET', PEER, 'kind', KIND, 'hosts', HOST, 'generation', 1, 'schema', SCHEMA, 'instance', INSTANCE)
  return result('ok')
end
if tonumber(schema) > SCHEMA then return result('newer') end
-- Adopted on behalf of a peer that nobody had met yet.
if hosts == '' then redis.call('HSET', PEER, 'hosts', HOST)
elseif not has_host(hosts) then return result('mismatch') end
if INSTANCE == '' or INSTANCE == instance then return result('ok') end
redis.call('HSET', PEER, 'instance', INSTANCE)
redis.call('HINCRBY', PEER, 'generation', 1)
return result('raised')
