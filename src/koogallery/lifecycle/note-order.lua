-- Keeps what the marketplace said of the order that a task is about, before anybody else is told: each repetition says the
-- same then.
--
-- KEYS  1 channel
-- ARGV  1 instance
--       2 version
--       3 token of the attempt
--       4 the order, as text: kept with the task
--       5 product: JSON { productId?, skuCode? }
--       6 fields of the instance that a create sets: JSON
-- Result  isHeld: 1; or 0 if the attempt was lost, and nothing was written
--         task: JSON, and instance: its fields as a flat list

local ID, VERSION, TOKEN, ORDER = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local product, created = cjson.decode(ARGV[5]), cjson.decode(ARGV[6])

local task = tasks.read(ID, VERSION)
if redis.call('GET', channel.instance_key(ID, 'lease')) ~= TOKEN or not task or task.state ~= 'due' then
  return { 'isHeld', 0, 'task', '', 'instance', {} }
end
-- It is the product of what comes after this too, up to a task that names another one: that one knows better. What the
-- webhook was told stays.
local function set_product()
  task.productId, task.skuCode, task.namesProduct = product.productId, product.skuCode, true
  for version = task.version + 1, tonumber(channel.read(ID).version) do
    local later = tasks.read(ID, version)
    if later and later.namesProduct then return end
    if later and not later.firstTriedAt then
      later.productId, later.skuCode = product.productId, product.skuCode
      tasks.write(ID, later)
    end
  end
  channel.erase(ID, 'productId', 'skuCode')
  channel.write(ID, product)
end

task.order = ORDER
if task.type ~= 'order.notify' and next(product) then set_product() end
if task.type == 'instance.create' then
  -- A renewal that has come meanwhile knows better.
  if channel.read(ID).expireAt then created.expireAt = nil end
  channel.write(ID, created)
  task.expireAt = task.expireAt or created.expireAt and tonumber(created.expireAt)
end
tasks.write(ID, task)
return { 'isHeld', 1, 'task', cjson.encode(task), 'instance', redis.call('HGETALL', channel.instance_key(ID)) }
