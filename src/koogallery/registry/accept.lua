-- Makes the change that a call of the marketplace asks for: the instance, what is to be done for it, what is known of the
-- call and the audit, all or nothing. A call that comes again changes nothing.
--
-- KEYS  1 channel
-- ARGV  1 change: JSON, see `Change` in accept.ts
--       2 fields of the call, as text: kept with the task
--       3 call: JSON { activity, test, nonce, digest, line }
--       4 codes: JSON, by verdict; `waiting` and `failed` for an instance that is not ready
--       5, 6 after when it is too late, and what the caller was told then; may be missing
-- Result  verdict: 'accepted', 'repeated', 'unknown', 'released', 'exhausted' (no license is left), 'replayed' (its nonce
--           was used by another call), 'taken' (another order has this id: nothing was written), or 'late'
--         code, id ('' if none), version (0 if none)
--         instance: its fields after this, as a flat list
--         now

local DAY_MS = 86400000
-- Calls without a nonce that are older cannot be told from repetitions of what is forgotten.
local CREATE_OLD_MS, KIT_OLD_MS = 365 * DAY_MS, 30 * DAY_MS
local KIT_KEPT_MS = 90 * DAY_MS

local change, FIELDS = cjson.decode(ARGV[1]), ARGV[2]
local call, CODES = cjson.decode(ARGV[3]), cjson.decode(ARGV[4])

local function create_instance(id, kind)
  local now = channel.whole(NOW)
  if kind ~= 'order' then redis.call('ZADD', channel.key('instances'), now, id) end
  channel.write(id, { id = id, kind = kind, wanted = 'active', version = 0, settled = 0, createdAt = now })
end

local function add_task(id, kind)
  local product = change.set.productId
  if change.leavesSku and product and product ~= redis.call('HGET', channel.instance_key(id), 'productId') then
    redis.call('HDEL', channel.instance_key(id), 'skuCode')
  end
  channel.write(id, change.set)
  local names_product = (change.set.productId or change.set.skuCode) ~= nil
  local version = channel.add_task(id, kind, FIELDS, { settles = change.settles, names_product = names_product })
  if change.dedupe and change.passing then
    local kits = channel.instance_key(id, 'kits')
    redis.call('ZADD', kits, channel.whole(NOW), change.dedupe)
    redis.call('ZREMRANGEBYSCORE', kits, '-inf', channel.whole(NOW - KIT_KEPT_MS))
  elseif change.dedupe then
    redis.call('HSET', channel.instance_key(id, 'seen'), change.dedupe, version)
  end
  return version
end

-- The instance that a change is about, and whether this call is the first that ever named it.
local function find(id)
  local found = channel.read(id)
  if found and found.kind == 'order' then return nil, false end
  if found or not change.adopts then return found, false end
  create_instance(id, change.kind)
  channel.write(id, { readyAt = channel.whole(NOW), adopted = '1' })
  return channel.read(id), true
end

-- @returns the version that it led to, or of its newest task
local function seen(id)
  if not change.dedupe then return nil end
  if change.passing and redis.call('ZSCORE', channel.instance_key(id, 'kits'), change.dedupe) then
    return tonumber(redis.call('HGET', channel.instance_key(id), 'version'))
  end
  local version = redis.call('HGET', channel.instance_key(id, 'seen'), change.dedupe)
  return version and tonumber(version)
end

local CHANGES = {}
-- Why a call that was understood changed nothing, for the audit.
local note = {}

-- Whether an instance was made for this product, or has it now: the product of an order may change over its life.
local function has_product(id, product)
  local instance = channel.read(id) or {}
  if not product or not instance.productId or instance.productId == product then return true end
  local is_read, order = pcall(cjson.decode, instance.order or '')
  return is_read and type(order) == 'table' and order.productId == product
end

-- The instance of the order; the key by which it is known may be one of two.
local function find_order()
  local orders, keys = channel.key('orders'), change.orderKeys
  if not keys then return redis.call('HGET', orders, change.orderKey) end
  local exact = redis.call('HGET', orders, keys.byProduct)
  if exact then return exact end
  local known = redis.call('HGET', orders, keys.byOrder)
  if known and (change.orderKey == keys.byOrder or has_product(known, change.set.productId)) then return known end
  return nil
end

function CHANGES.create()
  local known = find_order()
  if known then return 'repeated', known end
  if change.saidAt and change.saidAt < NOW - CREATE_OLD_MS then
    note = { 'reason', 'old' }
    return 'replayed'
  end
  local id = change.id
  if redis.call('EXISTS', channel.instance_key(id)) == 1 then return 'taken' end
  local license = change.takesLicense and redis.call('LPOP', channel.key('licenses:free'))
  if change.takesLicense and not license then return 'exhausted' end
  redis.call('HSET', channel.key('orders'), change.orderKey, id)
  create_instance(id, change.kind)
  -- News of an order name no product.
  if change.orderKeys then redis.call('SADD', channel.order_key(change.orderKeys.byOrder), id) end
  channel.write(id, { orderKey = change.orderKey, ofOrder = change.orderKeys and change.orderKeys.byOrder })
  if license then
    redis.call('HSET', channel.key('licenses:given'), change.orderKey, license)
    channel.write(id, { license = license })
  end
  if change.settles then
    channel.write(id, { readyAt = channel.whole(NOW) })
  else
    redis.call('ZADD', channel.key('opening'), channel.whole(NOW), id)
  end
  return 'accepted', id, add_task(id, change.task)
end

-- By the state that is wanted, not by the order: the same order may expire, be renewed and expire again.
local function want(state)
  local id = change.id
  local instance, is_adopted = find(id)
  if not instance then return 'unknown' end
  -- A release is for good, so there is nothing newer than it.
  if state ~= 'released' and said.is_old(instance, change.op, change.saidAt) then
    note = { 'reason', 'old' }
    return 'repeated', id
  end
  said.keep(id, change.op, change.saidAt)
  if instance.wanted == state and not is_adopted then return 'repeated', id end
  if instance.wanted == 'released' then return 'released', id end
  channel.write(id, { wanted = state })
  -- Nobody waits for its create any more.
  if state == 'released' then
    redis.call('ZREM', channel.key('opening'), id)
    redis.call('ZREM', channel.key('waiting'), id)
  end
  return 'accepted', id, add_task(id, change.task)
end

function CHANGES.freeze() return want('frozen') end
function CHANGES.unfreeze() return want('active') end
function CHANGES.release() return want('released') end

function CHANGES.refresh()
  local id = change.id
  local instance = find(id)
  if not instance then return 'unknown' end
  local version = seen(id)
  if version then return 'repeated', id, version end
  if instance.wanted == 'released' then return 'released', id end
  said.keep(id, change.op, change.saidAt)
  version = add_task(id, change.task)
  -- V1.0 renews without a call that unfreezes.
  if instance.wanted == 'frozen' and change.revives and tonumber(change.set.expireAt or '0') > NOW then
    channel.write(id, { wanted = 'active' })
    version = channel.add_task(id, change.revives, FIELDS, { settles = change.settles })
  end
  return 'accepted', id, version
end

-- The instance that an order has led to; nil if it has led to several, of which the one that is meant is not known.
local function find_by_order(key)
  local exact = redis.call('HGET', channel.key('orders'), key)
  if exact then return exact end
  local all = redis.call('SRANDMEMBER', channel.order_key(key), 2)
  return #all == 1 and all[1] or nil
end

-- Something to be done that changes no state: an upgrade, a license to issue, what belongs to the joint operation, news of
-- an order.
function CHANGES.note()
  local order = change.orderKey and find_by_order(change.orderKey)
  local id = order or change.id
  local instance = channel.read(id)
  if not instance and not change.opens then return change.harmless and 'repeated' or 'unknown' end
  local version = seen(id)
  if version then return 'repeated', id, version end
  if change.passing and not call.nonce and change.saidAt and change.saidAt < NOW - KIT_OLD_MS then
    note = { 'reason', 'old' }
    return 'replayed'
  end
  if instance and instance.wanted == 'released' and not change.harmless then return 'released', id end
  if not instance then create_instance(id, change.opens) end
  return 'accepted', id, add_task(id, change.task)
end

-- A call whose nonce is known was answered, and must not be obeyed once more: its state may have changed since.
local function decide()
  local met = calls.meet(call)
  if met == 'replayed' then return 'replayed' end
  local verdict, id = string.match(met or '', '^(%S+) (.*)$')
  if not verdict then return CHANGES[change.op]() end
  return verdict == 'accepted' and 'repeated' or verdict, id ~= '' and id or nil
end

local function code_of(verdict, instance)
  local isNew = verdict == 'accepted' or verdict == 'repeated'
  if isNew and CODES.waiting and instance and not instance.readyAt then
    return instance.refusal and CODES.failed or CODES.waiting
  end
  return CODES[verdict]
end

local function nothing(verdict)
  return { 'verdict', verdict, 'code', '', 'id', '', 'version', 0, 'instance', {}, 'now', NOW }
end

-- Its caller has been answered, and may have had it done elsewhere, and undone.
if NOW > (tonumber(ARGV[5] or '') or math.huge) then
  calls.note(call, ARGV[6], { 'verdict', 'late' })
  return nothing('late')
end
local verdict, id, version = decide()
if verdict == 'taken' then return nothing(verdict) end
local instance = id and channel.read(id)
local code = code_of(verdict, instance)
version = version or instance and tonumber(instance.version) or 0
if verdict ~= 'replayed' then calls.keep(call, verdict .. ' ' .. (id or '')) end
local more = { 'verdict', verdict, 'instance', id or '', 'version', version }
for _, part in ipairs(note) do more[#more + 1] = part end
calls.note(call, code, more)
return {
  'verdict', verdict,
  'code', code,
  'id', id or '',
  'version', version,
  'instance', id and redis.call('HGETALL', channel.instance_key(id)) or {},
  'now', NOW,
}
