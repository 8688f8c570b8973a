-- The claims of before ARGV[1] (microseconds), as {name, ticket, account, window} each, at most
-- ARGV[2] of them. KEYS[1]: what all names begin with.

local P = KEYS[1]
local found = {}
local names =
  redis.call('ZRANGEBYSCORE', P .. 'claimed', '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
for _, name in ipairs(names) do
  local pair = redis.call('HGET', P .. 'claims', name)
  local ticket, account, window = string.match(pair or '', '^([^|]*)|([^|]*)|([^|]*)$')
  if ticket then
    found[#found + 1] = { name, ticket, account, window }
  end
end
return found
