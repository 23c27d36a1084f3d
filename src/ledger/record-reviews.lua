-- Records what people found out about submits: each only if that submit is still the one that counts. The same decision
-- may be recorded again; another one replaces it, and the one before is kept.
--
-- KEYS  1 ledger
-- ARGV  1 decisions of a customer that are kept at most
--       2, 3, … decision (JSON): custSpaceId; place and seq of the submit; as, date, evidence, by; ofFile if it was read
--       from a file, which repeats what its writer saw
-- Result  verdicts, one for each decision: 'recorded', 'changed' (another one was recorded before), 'same' (this one
--         was), 'outdated' (of a file; this one was, and was replaced since), 'replaced' (another submit counts),
--         'none' (there is no submit)

local KEPT = tonumber(ARGV[1])

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
  local is_of_file = decision.ofFile
  decision.ofFile = nil
  if is_of_file and was_replaced(submitted, decisions, decision) then return 'outdated' end
  decision.at = NOW
  decisions[#decisions + 1] = decision
  if #decisions > KEPT then table.remove(decisions, 1) end
  redis.call('HSET', ledger.key('reviews'), customer, cjson.encode(decisions))
  redis.call('ZREM', ledger.key('awaited'), customer)
  ledger.count_review(submitted.place, before and before.as or 'awaited', -1)
  ledger.count_review(submitted.place, decision.as, 1)
  return before and 'changed' or 'recorded'
end

local verdicts = {}
for i = 2, #ARGV do
  local decision = cjson.decode(ARGV[i])
  local customer = decision.custSpaceId
  decision.custSpaceId = nil
  verdicts[#verdicts + 1] = record(customer, decision)
end
return { 'verdicts', verdicts }
