-- A person decides that a ledger has a new peer, or that a host is another door of the same one.
--
-- KEYS  1 peer of the ledger (a hash)
--       2 adoptions (a list, oldest first)
-- ARGV  1 kind of the peer
--       2 its host; '' if it is unknown
--       3 instance of the simulator; '' if it is unknown
--       4 newest schema that the caller knows
--       5 'new' or 'same'
--       6 who
--       7 adoptions that are kept
-- Result  outcome ('ok', 'newer'), and the record as it is now: kind, hosts, generation, schema, instance

local PEER, ADOPTIONS = KEYS[1], KEYS[2]
local KIND, HOST, INSTANCE, SCHEMA, HOW, BY, KEPT =
  ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5], ARGV[6], tonumber(ARGV[7])

local function result(outcome)
  local record = redis.call('HMGET', PEER, 'kind', 'hosts', 'generation', 'schema', 'instance')
  return {
    'outcome', outcome, 'kind', record[1], 'hosts', record[2], 'generation', record[3], 'schema', record[4],
    'instance', record[5],
  }
end

local function with_host(hosts)
  if string.find(' ' .. hosts .. ' ', ' ' .. HOST .. ' ', 1, true) then return hosts end
  return hosts == '' and HOST or hosts .. ' ' .. HOST
end

local generation, schema, hosts = unpack(redis.call('HMGET', PEER, 'generation', 'schema', 'hosts'))
if generation and tonumber(schema) > SCHEMA then return result('newer') end
if generation and HOW == 'same' then redis.call('HSET', PEER, 'hosts', with_host(hosts))
else
  generation = (tonumber(generation) or 0) + 1
  redis.call('HSET', PEER, 'kind', KIND, 'hosts', HOST, 'generation', generation, 'schema', SCHEMA, 'instance', INSTANCE)
end
local time = redis.call('TIME')
local entry = { at = time[1] * 1000 + math.floor(time[2] / 1000), by = BY, how = HOW, host = HOST,
  generation = tonumber(generation) }
redis.call('RPUSH', ADOPTIONS, cjson.encode(entry))
redis.call('LTRIM', ADOPTIONS, -KEPT, -1)
return result('ok')
