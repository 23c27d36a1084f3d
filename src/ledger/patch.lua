-- Included by the scripts that change a row as their caller says, after `base.lua`.

-- A function that applies a patch (cjson.null removes a field) and increments, and moves to an outcome.
function ledger.patcher(to, patch, increments)
  return function(record)
    for field, value in pairs(patch) do
      if value == cjson.null then record[field] = nil else record[field] = value end
    end
    for field, by in pairs(increments) do record[field] = (record[field] or 0) + by end
    -- The answer to a submit was lost: until it is known, the row is in doubt.
    if (increments.ambiguous or 0) > 0 then record.unknown = true end
    record.outcome = to
  end
end

