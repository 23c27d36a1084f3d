-- Records what people found out about submits: each only if that submit is still the one that counts. The same decision
-- may be recorded again; another one replaces it, and the one before is kept. The history of its batch says so.
--
-- KEYS  1 ledger
-- ARGV  1 decisions of a customer that are kept at most
--       2 name of the file from which they were read, if they were
--       3 names this reading of the file, which repeats what its writer saw; '' for none
--       4, 5, … decision (JSON): custSpaceId; place and seq of the submit; as, date, evidence, by
-- Result  verdicts, one for each decision: 'recorded', 'changed' (another one was recorded before), 'same' (this one
--         was), 'outdated' (of a file; this one was, and was replaced since), 'replaced' (another submit counts),
--         'none' (there is no submit)

local KEPT, FILE, READING = tonumber(ARGV[1]), ARGV[2], ARGV[3]
local ARGUMENTS_BEFORE_DECISIONS = 3

local function is_same(one, other)
  return one.as == other.as and one.date == other.date and one.evidence == other.evidence
end

local function was_replaced(submitted, decisions, decision)
  for _, each in ipairs(decisions) do
    if each.place == submitted.place and each.seq == submitted.seq and is_same(each, decision) then return true end
  end
  return false
end

local function record(customer, decision)
  local submitted = ledger.submitted_of(customer)
  if not submitted then return 'none' end
  if submitted.place ~= decision.place or submitted.seq ~= decision.seq then return 'replaced' end
  local decisions = ledger.decisions_of(customer)
  local before = ledger.decision_about(submitted, decisions)
  if before and is_same(before, decision) then return 'same' end
  if READING ~= '' and was_replaced(submitted, decisions, decision) then return 'outdated' end
  decision.at = NOW
  decisions[#decisions + 1] = decision
  if #decisions > KEPT then table.remove(decisions, 1) end
  redis.call('HSET', ledger.key('reviews'), customer, cjson.encode(decisions))
  redis.call('ZREM', ledger.key('awaited'), customer)
  ledger.count_review(submitted.place, before and before.as or 'awaited', -1)
  ledger.count_review(submitted.place, decision.as, 1)
  return before and 'changed' or 'recorded'
end

-- A file may be long, and a history is not: it has the numbers of a file.
local function counts_in_words(counts)
  local words = {}
  for _, as in ipairs({ 'approved', 'rejected' }) do
    if counts[as] then words[#words + 1] = counts[as] .. ' ' .. as end
  end
  return table.concat(words, ', ') .. ', by ' .. FILE
end

local function note(customer, decision)
  local batch, row = ledger.split(decision.place)
  if not ledger.read_facts(batch) then return end
  local entry = { by = decision.by, action = 'review' }
  if READING == '' then
    entry.details = 'row ' .. row .. ' (' .. customer .. '): ' .. decision.as .. ' on ' .. decision.date
    return ledger.note(batch, entry)
  end
  entry.counts, entry.of = { [decision.as] = 1 }, READING
  ledger.note_portion(batch, entry, counts_in_words)
end

local verdicts = {}
for i = ARGUMENTS_BEFORE_DECISIONS + 1, #ARGV do
  local decision = cjson.decode(ARGV[i])
  local customer = decision.custSpaceId
  decision.custSpaceId = nil
  local verdict = record(customer, decision)
  if verdict == 'recorded' or verdict == 'changed' then note(customer, decision) end
  verdicts[#verdicts + 1] = verdict
end
return { 'verdicts', verdicts }
