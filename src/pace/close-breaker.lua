-- Closes the breaker of an account, and notes for how long it was open: in one step, so that whoever asks finds that either
-- going on or noted.
--
-- KEYS  1 breaker
--       2 times in which nothing could be sent
-- ARGV  1 how long such times are kept (ms)
-- Result  wasOpen (1 or 0)

local BREAKER, STANDSTILLS = KEYS[1], KEYS[2]
local KEPT_MS = ARGV[1]

return { 'wasOpen', end_standstill(BREAKER, STANDSTILLS, 'since', KEPT_MS) and 1 or 0 }
