-- One replica at a time compares the line-up with SQL, or restores it. Gives 1, or 0 to others.
-- KEYS[1]: what all names begin with. ARGV: token of the caller; hold, open or release;
-- milliseconds that a hold lasts.

local P = KEYS[1]
local holder = redis.call('GET', P .. 'lock')
if holder and holder ~= ARGV[1] then
  return 0
end
if ARGV[2] == 'hold' then
  redis.call('SET', P .. 'lock', ARGV[1], 'PX', ARGV[3])
  return 1
end
if not holder then
  return 0
end
if ARGV[2] == 'open' then
  redis.call('SET', P .. 'epoch', ARGV[1])
else
  redis.call('DEL', P .. 'lock')
end
return 1
