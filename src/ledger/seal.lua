-- Ends the enqueuing of a batch; from here on one without active rows is finished.
--
-- KEYS  1 batch
-- ARGV  1 now (ms since 1970)
-- Result  state: of the batch from now on

local BATCH, NOW = KEYS[1], ARGV[1]

if redis.call('HGET', BATCH, 'state') == 'enqueuing' then redis.call('HSET', BATCH, 'state', 'running') end
finish_if_done(BATCH, NOW)
return { 'state', redis.call('HGET', BATCH, 'state') }
