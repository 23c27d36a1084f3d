-- Identifies the server: it changes when the server restarts or is replaced; '' if it is not disclosed.
local function read_run_id()
  local info = redis.pcall('INFO', 'server')
  return type(info) == 'string' and string.match(info, 'run_id:(%w+)') or ''
end
