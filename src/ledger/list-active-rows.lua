-- Finds the active rows among the rows with some numbers.
--
-- KEYS  1 rows
-- ARGV  1 first number
--       2 last number
-- Result  rows: { number, outcome, redrive (0 for the import) } of each that is active
--         unreadable: the numbers of those whose record is no JSON object

local ROWS = KEYS[1]
local FIRST, LAST = tonumber(ARGV[1]), tonumber(ARGV[2])

local numbers = {}
for number = FIRST, LAST do numbers[#numbers + 1] = number end

local rows, unreadable = {}, {}
for i, stored in ipairs(redis.call('HMGET', ROWS, unpack(numbers))) do
  if stored then
    local is_json, record = pcall(cjson.decode, stored)
    if not is_json or type(record) ~= 'table' then
      unreadable[#unreadable + 1] = numbers[i]
    elseif ACTIVE[record.outcome] then
      rows[#rows + 1] = { numbers[i], record.outcome, record.redrive or 0 }
    end
  end
end
return { 'rows', rows, 'unreadable', unreadable }
