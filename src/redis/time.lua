-- KEYS  1 any key of the account: on a cluster it says which node is asked
-- ARGV  none
-- Result  seconds (since 1970), microseconds (of the second)

local time = redis.call('TIME')
return { 'seconds', time[1], 'microseconds', time[2] }
