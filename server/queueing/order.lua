-- The order of the queue, changed in one step: rows come and go, then pairs are made. This half
-- takes rows in; `match.lua` follows in the same script, makes the pairs and runs it all.
--
-- KEYS[1]  what all names begin with, hash tag included.
-- ARGV     now (microseconds since 1970), token of who restores the line-up or '', moves as JSON
--          (`values.py`: `wire`).
-- Gives the new claims: {name, ticket, its version, account, its version, window} each; nil while
-- the line-up is lost and it is not its restorer who calls.
--
-- tickets, agents     hashes of records as JSON, by id
-- line:LINE           sorted set: tickets that an agent could be given, by rank
-- tree:QUEUE|LANGUAGE|SKILLS  set: the next words of lines that are not empty, SKILL. of those
--                     which end there. An agent walks down the own skills alone, so that no line
--                     is looked at which the agent cannot serve, however many there are
-- idle:QUEUE|LANGUAGE|SKILL  sorted set: seats (ACCOUNT|WINDOW) of free agents, the longest idle
--                     first, once by each language and skill
-- seats               hash: the skills of each seat of a free agent, as ,a,b,
-- refused:ACCOUNT     hash: until when the agent is not given a ticket; refusals: the same by time
-- claims, claimed     hash and sorted set by time: pairs on their way to SQL
-- gone:ID             the version at which a row left: what is older comes too late
--
-- Ranks and times are strings in records: cjson would write 14 digits of them.

local P = KEYS[1]
local NOW = tonumber(ARGV[1])
local GONE_SECONDS = 600
local LAPSE_AT_ONCE = 200
local UUID_LENGTH = 36

local epoch = redis.call('GET', P .. 'epoch')
if not epoch then
  if ARGV[2] == '' or redis.call('GET', P .. 'lock') ~= ARGV[2] then
    return false
  end
  epoch = ARGV[2]
end

local tickets, agents = {}, {} -- records that this call has read; false is none
local changed_tickets, changed_agents = {}, {}
local arrived, fresh = {}, {} -- ids of those who may make a new pair
local pairs_made = {}

local function earlier(rank, id, other)
  return rank < other.rank or (rank == other.rank and id < other.id)
end

-- Names -------------------------------------------------------------------------------------

local parsed = {}

local function line_of(name)
  local line = parsed[name]
  if not line then
    local queue, language, help, skills =
      string.match(name, '^([^|]*|[^|]*)|([^|]*)|([^|]*)|(.*)$')
    line = { queue = queue, language = language, help = help == '1', skills = {} }
    for skill in string.gmatch(skills, '[^,]+') do
      line.skills[#line.skills + 1] = skill
    end
    line.sign = line.help and '+' or line.skills[1] or ''
    parsed[name] = line
  end
  return line
end

-- The nodes of the tree from the root to a line, and the word that leads on from each. No name has
-- a full stop in it: that marks the last.
local function path_of(line)
  local node = P .. 'tree:' .. line.queue
  local language = line.help and '+' .. line.language or line.language
  local nodes, words = { node }, { language }
  node = node .. '|' .. language
  local last = #line.skills
  for i = 1, last - 1 do
    nodes[#nodes + 1], words[#words + 1] = node, line.skills[i]
    node = node .. '|' .. line.skills[i]
  end
  nodes[#nodes + 1], words[#words + 1] = node, (line.skills[last] or '') .. '.'
  return nodes, words
end

local function covers(held, skills)
  for i = 1, #skills do
    if not string.find(held, ',' .. skills[i] .. ',', 1, true) then
      return false
    end
  end
  return true
end

-- Records -----------------------------------------------------------------------------------

local function read(cache, hash, id)
  local record = cache[id]
  if record == nil then
    local text = redis.call('HGET', P .. hash, id)
    record = text and cjson.decode(text)
    cache[id] = record
  end
  return record
end

local function ticket_of(id) return read(tickets, 'tickets', id) end
local function agent_of(id) return read(agents, 'agents', id) end

-- Records are written once, at the end.
local function write(changed, cache, hash)
  for id in pairs(changed) do
    if cache[id] then
      redis.call('HSET', P .. hash, id, cjson.encode(cache[id]))
    else
      redis.call('HDEL', P .. hash, id)
    end
  end
end

-- Whether a row of `version` says nothing new of one that is known as `record`, or has left.
local function stale(record, id, version)
  if record then
    return version < record.version
  end
  local gone = redis.call('GET', P .. 'gone:' .. id)
  return gone and version < tonumber(gone)
end

local function mark_gone(id, version)
  redis.call('SET', P .. 'gone:' .. id, version, 'EX', GONE_SECONDS)
end

-- Tickets -----------------------------------------------------------------------------------

local function enter_lines(id, ticket)
  for _, name in ipairs(ticket.lines) do
    local set = P .. 'line:' .. name
    if redis.call('ZADD', set, ticket.rank, id) == 1 and redis.call('ZCARD', set) == 1 then
      local nodes, words = path_of(line_of(name))
      for i = 1, #nodes do
        redis.call('SADD', nodes[i], words[i])
      end
    end
  end
end

local function leave_lines(id, ticket)
  for _, name in ipairs(ticket.lines) do
    local set = P .. 'line:' .. name
    if redis.call('ZREM', set, id) == 1 and redis.call('EXISTS', set) == 0 then
      local nodes, words = path_of(line_of(name))
      for i = #nodes, 1, -1 do
        redis.call('SREM', nodes[i], words[i])
        if redis.call('EXISTS', nodes[i]) == 1 then
          break
        end
      end
    end
  end
end

local function remove_ticket(id, ticket)
  if not ticket.claim then
    leave_lines(id, ticket)
  end
end

local function place(id, version, rank, lines, anew)
  local known = ticket_of(id)
  if not anew and stale(known, id, version) then
    return
  end
  if known then
    remove_ticket(id, known)
  end
  local ticket = { version = version, rank = rank, lines = lines }
  ticket.claim = known and not anew and known.claim or nil
  if not ticket.claim then
    enter_lines(id, ticket)
    arrived[id] = true
  end
  tickets[id], changed_tickets[id] = ticket, true
end

local function left(id, version, anew)
  local known = ticket_of(id)
  if not anew and stale(known, id, version) then
    return
  end
  if known then
    remove_ticket(id, known)
    tickets[id], changed_tickets[id] = false, true
  end
  mark_gone(id, version)
end

-- Agents ------------------------------------------------------------------------------------

local function each_idle_set(agent, call)
  for _, seat in ipairs(agent.seats) do
    local window, queue, help, skills = seat[1], seat[2], seat[3], seat[4]
    for i = 0, #agent.speaks do
      local stem = P .. 'idle:' .. queue .. '|' .. (agent.speaks[i] or '*') .. '|'
      call(stem, window)
      for _, skill in ipairs(skills) do
        call(stem .. skill, window)
      end
      if help then
        call(stem .. '+', window)
      end
    end
  end
end

local function enter_idle(id, agent)
  for _, seat in ipairs(agent.seats) do
    local held = ',' .. table.concat(seat[4], ',') .. ','
    redis.call('HSET', P .. 'seats', id .. '|' .. seat[1], held)
  end
  each_idle_set(agent, function(set, window)
    redis.call('ZADD', set, agent.since, id .. '|' .. window)
  end)
  agent.idle = true
end

local function leave_idle(id, agent)
  fresh[id] = nil
  if not agent.idle then
    return
  end
  for _, seat in ipairs(agent.seats) do
    redis.call('HDEL', P .. 'seats', id .. '|' .. seat[1])
  end
  each_idle_set(agent, function(set, window)
    redis.call('ZREM', set, id .. '|' .. window)
  end)
  agent.idle = nil
end

-- The one place that counts what an agent has room for.
local function has_room(agent)
  return agent.free > #agent.claims
end

local function sit(id, version, digest, since, free, seats, speaks, anew)
  local known = agent_of(id)
  if not anew and stale(known, id, version) then
    return
  end
  if known then
    leave_idle(id, known)
  end
  local agent = {
    version = version, digest = digest, since = since, free = free, seats = seats,
    speaks = speaks, claims = known and not anew and known.claims or {},
  }
  if has_room(agent) then
    fresh[id] = true
  end
  agents[id], changed_agents[id] = agent, true
end

local function stood(id, version, anew)
  local known = agent_of(id)
  if not anew and stale(known, id, version) then
    return
  end
  if known then
    leave_idle(id, known)
    agents[id], changed_agents[id] = false, true
  end
  mark_gone(id, version)
end

-- Refusals ----------------------------------------------------------------------------------

local refusals = {}

local function is_refused(account, ticket)
  local of_agent = refusals[account]
  if of_agent == nil then
    of_agent = redis.call('EXISTS', P .. 'refused:' .. account) == 1
    refusals[account] = of_agent
  end
  if not of_agent then
    return false
  end
  local till = redis.call('HGET', P .. 'refused:' .. account, ticket)
  return till and tonumber(till) > NOW
end

local function refused(ticket, account, till)
  if tonumber(till) > NOW then
    redis.call('HSET', P .. 'refused:' .. account, ticket, till)
    redis.call('ZADD', P .. 'refusals', till, ticket .. '|' .. account)
    refusals[account] = nil
  end
end

-- Refusals that are over: their tickets are looked at again.
local function lapse()
  local over =
    redis.call('ZRANGEBYSCORE', P .. 'refusals', '-inf', NOW, 'LIMIT', 0, LAPSE_AT_ONCE)
  for _, pair in ipairs(over) do
    local id = string.sub(pair, 1, UUID_LENGTH)
    redis.call('HDEL', P .. 'refused:' .. string.sub(pair, UUID_LENGTH + 2), id)
    redis.call('ZREM', P .. 'refusals', pair)
    local ticket = ticket_of(id)
    if ticket and not ticket.claim then
      arrived[id] = true
    end
  end
end

-- Claims ------------------------------------------------------------------------------------

local function claim(id, seat)
  local account, window = string.sub(seat, 1, UUID_LENGTH), string.sub(seat, UUID_LENGTH + 2)
  local ticket, agent = ticket_of(id), agent_of(account)
  local name = epoch .. '-' .. redis.call('INCR', P .. 'claim-number')
  redis.call('HSET', P .. 'claims', name, id .. '|' .. account .. '|' .. window)
  redis.call('ZADD', P .. 'claimed', NOW, name)
  leave_lines(id, ticket)
  ticket.claim = name
  changed_tickets[id], changed_agents[account] = true, true
  agent.claims[#agent.claims + 1] = name
  if not has_room(agent) then
    leave_idle(account, agent)
  end
  pairs_made[#pairs_made + 1] =
    { name, id, tostring(ticket.version), account, tostring(agent.version), window }
end

local function without(claims, name)
  local others = {}
  for _, other in ipairs(claims) do
    if other ~= name then
      others[#others + 1] = other
    end
  end
  return others
end

local function settled(name)
  local pair = redis.call('HGET', P .. 'claims', name)
  if not pair then
    return
  end
  redis.call('HDEL', P .. 'claims', name)
  redis.call('ZREM', P .. 'claimed', name)
  local id = string.sub(pair, 1, UUID_LENGTH)
  local account = string.sub(pair, UUID_LENGTH + 2, 2 * UUID_LENGTH + 1)
  local ticket, agent = ticket_of(id), agent_of(account)
  if ticket and ticket.claim == name then
    ticket.claim = nil
    enter_lines(id, ticket)
    arrived[id] = true
    changed_tickets[id] = true
  end
  if agent then
    agent.claims = without(agent.claims, name)
    if not agent.idle and has_room(agent) then
      fresh[account] = true
    end
    changed_agents[account] = true
  end
end

local function kept(name)
  redis.call('ZADD', P .. 'claimed', 'XX', NOW, name)
end
