-- Asks for the slot of one call that belongs to no row. A call of a row asks by `workers/take.lua`.
--
-- KEYS, ARGV  those of `slot.lua`
-- Result  verdict 'granted', or 'probe' (granted while the breaker is open):
--           due (when the call may leave), now, interval, quietSince, surge, lastThrottle (µs),
--           refusals (throttled calls in a row before this one),
--           isQuiet (1 if neither an outage nor a call without an answer is on record, else 0)
--         verdict 'wait': wait (µs until the slot that is free then), now (µs)
--         verdict 'breaker': wait (ms until the next probe)
--         verdict 'outage': wait (ms until the next turn to probe)
--         verdict 'turn': it is this row's turn to probe; nothing is granted yet, and it asks again
--         verdict 'spent': it would be this row's turn, but it was already submitted during this outage
--         verdict 'paused': until a person resumes the account

local refusal, slot = find_slot()
return refusal or take_slot(slot)
