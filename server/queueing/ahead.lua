-- How many come before each of the tickets ARGV in its own queue; -1 for one that is in none.
-- KEYS[1]: what all names begin with.

local P = KEYS[1]
local answer = {}
for i, text in ipairs(redis.call('HMGET', P .. 'tickets', unpack(ARGV))) do
  local queue = text and cjson.decode(text).queues[1]
  answer[i] = queue and redis.call('ZRANK', P .. 'queue:' .. queue, ARGV[i]) or -1
end
return answer
