-- Lists customers as awaiting their reviews whose submits were written down before reviews were. May be repeated.
--
-- KEYS  1 ledger
-- ARGV  1, 2, … CustSpaceId
-- Result  listed: how many were not listed before

local listed = 0
for _, customer in ipairs(ARGV) do
  local submitted = ledger.submitted_of(customer)
  local is_listed = not submitted or redis.call('ZSCORE', ledger.key('awaited'), customer)
  if not is_listed and not ledger.decision_about(submitted, ledger.decisions_of(customer)) then
    ledger.await_review(customer, submitted)
    listed = listed + 1
  end
end
return { 'listed', listed }
