-- Included by the scripts that decide about customers, after `rows.lua`: the submit of a customer that counts, and its
-- review. It is awaited until a person records a decision, which is about one submit, known by its place and its `seq`.

function ledger.submitted_of(customer)
  local stored = redis.call('HGET', ledger.key('submitted'), customer)
  return stored and cjson.decode(stored) or nil
end

-- What people have decided about the submits of a customer, oldest first.
function ledger.decisions_of(customer)
  local stored = redis.call('HGET', ledger.key('reviews'), customer)
  return stored and cjson.decode(stored) or {}
end

-- The decision about a submit that counts; nil if there is none.
function ledger.decision_about(submitted, decisions)
  for i = #decisions, 1, -1 do
    if decisions[i].place == submitted.place and decisions[i].seq == submitted.seq then return decisions[i] end
  end
end

-- Counts the reviews of a batch: of its rows whose submits count, or were decided before newer ones took their places.
function ledger.count_review(place, review, by)
  local batch = ledger.split(place)
  if not batch or redis.call('HEXISTS', ledger.batch_key(batch), 'id') == 0 then return end
  redis.call('HINCRBY', ledger.batch_key(batch), 'review:' .. review, by)
end

-- A submit that counts from now on, instead of an earlier one if there was one.
function ledger.await_review(customer, fact, replaced)
  local is_new = redis.call('ZADD', ledger.key('awaited'), ledger.whole(fact.at), customer) == 1
  ledger.count_review(fact.place, 'awaited', 1)
  if replaced and not is_new then ledger.count_review(replaced.place, 'awaited', -1) end
end

