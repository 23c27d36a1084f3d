-- Changes what is decided about a batch, if the batch is as the change assumes; otherwise changes nothing and says why.
--
-- KEYS  1 ledger
-- ARGV  1 batch id
--       2 change: a name in CHANGES below
--       3 who decides
--       4 the redrive that begins (JSON), or the new priority; '' otherwise
-- Result  verdict: 'done', 'gone' (there is no such batch), or the word for what is in the way
--         state (of the batch from now on; null where it is gone), number (of the redrive that begins; else 0)

local BATCH, CHANGE, BY, MORE = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local KEY = ledger.batch_key(BATCH)

local facts = ledger.read_facts(BATCH)
if not facts then return { 'verdict', 'gone', 'state', false, 'number', 0 } end

-- Importing the same rows again is a new import from here on.
local function drop_source()
  local source = redis.call('HGET', KEY, 'sourceKey')
  if source and redis.call('HGET', ledger.key('sources'), source) == BATCH then
    redis.call('HDEL', ledger.key('sources'), source)
  end
end

local function note(action, details)
  ledger.note(BATCH, { by = BY, action = action, details = details })
end

-- Those that a cancellation ends at once.
local function count_not_begun()
  local counts = redis.call('HMGET', KEY, 'pending', 'waiting', 'uploaded')
  return tonumber(counts[1] or '0') + tonumber(counts[2] or '0') + tonumber(counts[3] or '0')
end

local CHANGES = {}

function CHANGES.seal()
  redis.call('HDEL', KEY, 'sealedBy')
  if facts.sealed then return 'sealed' end
  redis.call('HSET', KEY, 'sealedAt', ledger.whole(NOW))
  drop_source()
end

function CHANGES.cancel()
  if facts.cancelled then return 'cancelled' end
  if ledger.state_of(BATCH, facts) == 'finished' then return 'finished' end
  redis.call('HSET', KEY, 'cancelledAt', ledger.whole(NOW), 'cancelledBy', BY)
  -- An import that is still adding rows goes on.
  if redis.call('HSETNX', KEY, 'sealedAt', ledger.whole(NOW)) == 1 then redis.call('HSET', KEY, 'sealedBy', 'cancel') end
  redis.call('HDEL', KEY, 'pausedAt', 'pausedWhy', 'pausedBy', 'withdrawn')
  drop_source()
  note('cancel', ledger.rows_in_words(count_not_begun()))
end

function CHANGES.pause()
  if facts.paused then return 'paused' end
  if facts.cancelled then return 'cancelled' end
  if ledger.state_of(BATCH, facts) == 'finished' then return 'finished' end
  redis.call('HSET', KEY, 'pausedAt', ledger.whole(NOW), 'pausedBy', BY)
  note('pause', '')
end

function CHANGES.resume()
  if not facts.paused then return 'running' end
  redis.call('HDEL', KEY, 'pausedAt', 'pausedWhy', 'pausedBy', 'streak', 'streakCode', 'withdrawn')
  note('resume', ledger.rows_in_words(ledger.count_active(BATCH)))
end

-- An import that is still adding rows adds their jobs with the priority that it began with.
function CHANGES.prioritize()
  if facts.cancelled then return 'cancelled' end
  if ledger.state_of(BATCH, facts) == 'finished' then return 'finished' end
  if facts.kind == 'import' and not facts.sealed then return 'enqueuing' end
  -- Whoever repeats it only has its jobs moved.
  if redis.call('HGET', KEY, 'priority') == MORE then return end
  redis.call('HSET', KEY, 'priority', MORE)
  note('priority', MORE)
end

-- Whoever is first takes the waiting jobs of a paused batch out of the queues.
function CHANGES.withdraw()
  if not facts.paused then return 'running' end
  if redis.call('HSETNX', KEY, 'withdrawn', '1') == 0 then return 'withdrawn' end
end

local function begin_redrive(redrive)
  if facts.cancelled then return 'cancelled' end
  local request = redrive.request
  redrive.request = nil
  redrive.round, redrive.begun, redrive.upToRow = redis.call('HINCRBY', KEY, 'round', 1), NOW, 0
  if request then
    redis.call('SET', ledger.key('request:' .. request.key), BATCH .. ' ' .. redrive.round, 'EX', request.keptSeconds)
  end
  redis.call('HSET', ledger.batch_key(BATCH, 'redrives'), redrive.round, cjson.encode(redrive))
  return nil, redrive.round
end

-- The redrive that an earlier run of the same request began here.
local function find_begun(request)
  local found = request and redis.call('GET', ledger.key('request:' .. request.key)) or ''
  local batch, round = string.match(found, '^(%S+) (%d+)$')
  return batch == BATCH and tonumber(round) or nil
end

-- Rows are about to be taken up again, on a schedule.
function CHANGES.redrive()
  return begin_redrive(cjson.decode(MORE))
end

-- The same, wanted by a person: so a batch that was cancelled, and is over, no longer is. A person may have cancelled it
-- since an earlier run of the same request: then it stays cancelled.
function CHANGES.retry()
  local redrive = cjson.decode(MORE)
  local begun = find_begun(redrive.request)
  if begun then return nil, begun end
  if facts.cancelled and ledger.count_active(BATCH) > 0 then return 'cancelling' end
  redis.call('HDEL', KEY, 'cancelledAt', 'cancelledBy')
  facts.cancelled = nil
  local obstacle, round = begin_redrive(redrive)
  if round then ledger.note_retry(BATCH, redrive, 0) end
  return obstacle, round
end

function CHANGES.throttled()
  redis.call('HINCRBY', KEY, 'throttled', 1)
end

local obstacle, number = 'purging', nil
if not facts.purging then obstacle, number = CHANGES[CHANGE]() end
return { 'verdict', obstacle or 'done', 'state', ledger.follow(BATCH), 'number', number or 0 }
