-- Takes up rows of a batch again, unless another row has, or has done, their customers.
--
-- KEYS  1 ledger
-- ARGV  1 batch id
--       2 number of the redrive
--       3 earliest time (ms since 1970; 0 for at once)
--       4 turns of the recurring redrive that this uses up
--       5 1 to send a parked row again, 0 to leave it to its person
--       6 1 to send what newer data has replaced, 0 to leave it
--       7, 8, … row
-- Result  verdict: 'done', or 'gone'
--         pending, waiting, unchanged: the numbers of the rows that became that
--         doubtful: how many of the pending ones may have arrived before
--         left: { number, why (a code), place of the row in the way } of each that stays as it is

local BATCH, REDRIVE, NOT_BEFORE, TURNS = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local TAKES_PARKED, TAKES_SUPERSEDED = ARGV[5] == '1', ARGV[6] == '1'
local ARGUMENTS_BEFORE_ROWS = 6

local moved = { pending = {}, waiting = {}, unchanged = {} }
local left, doubtful = {}, 0

local function reply(verdict)
  return {
    'verdict', verdict, 'pending', moved.pending, 'waiting', moved.waiting, 'unchanged', moved.unchanged, 'left', left,
    'doubtful', doubtful,
  }
end

local function leave(row, why, place)
  left[#left + 1] = { row, why, place or '' }
end

local function take(row, record, outcome, fact)
  if record.parked and outcome == 'pending' then doubtful = doubtful + 1 end
  ledger.change_row(BATCH, row, record, function(changed)
    ledger.apply(changed, outcome, fact)
    changed.tries, changed.reauthorized, changed.redrive, changed.parked, changed.superseded = 0, 0, REDRIVE, nil, nil
    -- Of an earlier call, which has nothing to do with what becomes of it now.
    if outcome ~= 'unchanged' then changed.requestId = nil end
    changed.notBefore = NOT_BEFORE > 0 and NOT_BEFORE or nil
    if TURNS > 0 then changed.rounds = (changed.rounds or 0) + TURNS end
  end)
  local numbers = moved[outcome]
  numbers[#numbers + 1] = row
end

local function redrive(row)
  local record, place = ledger.read_row(BATCH, row), ledger.place(BATCH, row)
  -- An earlier run of the same request took it; whatever became of it since, it is not taken twice.
  if record and record.redrive == REDRIVE then return end
  if not record or (record.outcome ~= 'failed' and record.outcome ~= 'cancelled') then return leave(row, 'MOVED') end
  if record.parked and not TAKES_PARKED then return leave(row, 'SUBMIT_OUTCOME_UNKNOWN', place) end
  local newer = not TAKES_SUPERSEDED and (ledger.find_newer(record, place) or record.superseded and (record.lead or ''))
  if newer then
    ledger.change_row(BATCH, row, record, function(changed) changed.superseded = true end)
    return leave(row, 'SUPERSEDED', newer)
  end
  local outcome, fact = ledger.decide(record, place)
  if outcome == 'failed' then return leave(row, fact.code, fact.place) end
  take(row, record, outcome, fact)
  if outcome == 'unchanged' then ledger.unpark(record.custSpaceId, place) end
  if outcome == 'pending' then ledger.give_claim(record.custSpaceId, place) end
  if outcome == 'waiting' then ledger.add_to_list('waiters', record.custSpaceId, place) end
end

local facts = ledger.read_facts(BATCH)
if not facts or facts.purging or facts.cancelled then return reply('gone') end
for i = ARGUMENTS_BEFORE_ROWS + 1, #ARGV do redrive(ARGV[i]) end
local redrives = ledger.batch_key(BATCH, 'redrives')
local begun = cjson.decode(redis.call('HGET', redrives, REDRIVE))
if TURNS == 0 and #moved.pending > 0 then ledger.note_retry(BATCH, begun, #moved.pending) end
-- One that has taken none may have been killed: it has found none so far.
for i = ARGUMENTS_BEFORE_ROWS + 1, #ARGV do begun.upToRow = math.max(begun.upToRow or 0, tonumber(ARGV[i])) end
redis.call('HSET', redrives, REDRIVE, cjson.encode(begun))
return reply('done')
