-- Makes the pairs, and runs the script; continues `order.lua`.

-- The first of a line that is not refused to the agent: {id, rank}.
local function head(name, account)
  local from, size = 0, 1
  while true do
    local found =
      redis.call('ZRANGE', P .. 'line:' .. name, from, from + size - 1, 'WITHSCORES')
    for i = 1, #found, 2 do
      if not is_refused(account, found[i]) then
        return { id = found[i], rank = tonumber(found[i + 1]) }
      end
    end
    if #found < 2 * size then
      return nil
    end
    from, size = from + size, 16
  end
end

-- The first of all tickets that one of the agent's seats can serve, or false.
local function first_for(account, agent)
  local seen, best = {}, false
  local function look(name)
    if not seen[name] then
      seen[name] = true
      local first = head(name, account)
      if first and (not best or earlier(first.rank, first.id, best)) then
        best = first
      end
    end
  end
  -- Below `node`, by the skills from number `from` on; `name` is that of the lines so far.
  local function walk(node, name, skills, from)
    local asked = {}
    for i = from, #skills do
      asked[#asked + 1] = skills[i] .. '.'
      asked[#asked + 1] = skills[i]
    end
    if #asked == 0 then
      return
    end
    local there = redis.call('SMISMEMBER', node, unpack(asked))
    for i = from, #skills do
      local at = 2 * (i - from) + 1
      if there[at] == 1 then
        look(name .. skills[i])
      end
      if there[at + 1] == 1 then
        walk(node .. '|' .. skills[i], name .. skills[i] .. ',', skills, i + 1)
      end
    end
  end
  local function start(queue, language, help, skills)
    local root, sign = P .. 'tree:' .. queue, help and '+' .. language or language
    if redis.call('SISMEMBER', root, sign) == 0 then
      return
    end
    local node, name = root .. '|' .. sign, queue .. '|' .. language .. (help and '|1|' or '|0|')
    if redis.call('SISMEMBER', node, '.') == 1 then
      look(name)
    end
    walk(node, name, skills, 1)
  end
  for _, seat in ipairs(agent.seats) do
    for i = 0, #agent.speaks do
      local language = agent.speaks[i] or '*'
      start(seat[2], language, false, seat[4])
      if seat[3] then
        start(seat[2], language, true, {})
      end
    end
  end
  return best
end

-- Of the sets of a line's skills the smallest: whoever is able stands in each of them.
local function rarest(line)
  local stem = P .. 'idle:' .. line.queue .. '|' .. line.language .. '|'
  if #line.skills < 2 then
    return stem .. line.sign
  end
  local best, least
  for _, skill in ipairs(line.skills) do
    local count = redis.call('ZCARD', stem .. skill)
    if not least or count < least then
      best, least = stem .. skill, count
    end
  end
  return best
end

-- The longest idle seat that can serve the line and is earlier than `best`: {id, rank}.
local function seat_for(name, id, best)
  local line = line_of(name)
  local set, from, size = rarest(line), 0, 1
  while true do
    local found = redis.call('ZRANGE', set, from, from + size - 1, 'WITHSCORES')
    for i = 1, #found, 2 do
      local seat, since = found[i], tonumber(found[i + 1])
      if best and not earlier(since, seat, best) then
        return best
      end
      local able = #line.skills < 2
        or covers(redis.call('HGET', P .. 'seats', seat), line.skills)
      if able and not is_refused(string.sub(seat, 1, UUID_LENGTH), id) then
        return { id = seat, rank = since }
      end
    end
    if #found < 2 * size then
      return best
    end
    from, size = from + size, 16
  end
end

local function can_serve(agent, seat, line)
  if seat[2] ~= line.queue or (line.help and not seat[3]) then
    return false
  end
  local speaks = line.language == '*'
  for _, language in ipairs(agent.speaks) do
    speaks = speaks or language == line.language
  end
  return speaks and covers(',' .. table.concat(seat[4], ',') .. ',', line.skills)
end

-- The same among those who have just come, and stand in no set yet.
local function fresh_seat_for(name, id, best)
  local line = line_of(name)
  for account in pairs(fresh) do
    local agent = agent_of(account)
    for _, seat in ipairs(agent.seats) do
      local place = account .. '|' .. seat[1]
      local since = tonumber(agent.since)
      local sooner = not best or earlier(since, place, best)
      if sooner and can_serve(agent, seat, line) and not is_refused(account, id) then
        best = { id = place, rank = since }
      end
    end
  end
  return best
end

local function longest_idle(id, ticket)
  local best
  for _, name in ipairs(ticket.lines) do
    best = fresh_seat_for(name, id, seat_for(name, id, best))
  end
  return best
end

local function in_order(ids)
  local list = {}
  for id in pairs(ids) do
    local ticket = ticket_of(id)
    if ticket and not ticket.claim and #ticket.lines > 0 then
      list[#list + 1] = { id = id, rank = tonumber(ticket.rank) }
    end
  end
  table.sort(list, function(one, other) return earlier(one.rank, one.id, other) end)
  return list
end

-- Of those who have just come and those whom a free agent could take, the first; then the next.
-- What was there before makes no pair of itself: that would have been made already.
local function match()
  local list, place_in_list, best = in_order(arrived), 1, {}
  while true do
    local pick = list[place_in_list]
    for account in pairs(fresh) do
      local first = best[account]
      if first == nil or (first and ticket_of(first.id).claim) then
        first = first_for(account, agent_of(account))
        best[account] = first
      end
      if first and (not pick or earlier(first.rank, first.id, pick)) then
        pick = first
      end
    end
    if not pick then
      return
    end
    local next_one = list[place_in_list]
    if next_one and next_one.id == pick.id then
      place_in_list = place_in_list + 1
    end
    local ticket = ticket_of(pick.id)
    local seat = not ticket.claim and longest_idle(pick.id, ticket)
    if seat then
      claim(pick.id, seat.id)
    elseif not ticket.claim then
      -- Nobody is able: then no fresh agent is, whatever the tree says.
      for account, first in pairs(best) do
        if first and first.id == pick.id then
          best[account] = false
        end
      end
    end
  end
end

-- -------------------------------------------------------------------------------------------

local MOVES = {
  place = place, left = left, sit = sit, stood = stood,
  refused = refused, settled = settled, kept = kept,
}

lapse()
for _, move in ipairs(cjson.decode(ARGV[3])) do
  MOVES[move[1]](unpack(move, 2))
end
match()
for id in pairs(fresh) do
  enter_idle(id, agent_of(id))
  changed_agents[id] = true
end
write(changed_tickets, tickets, 'tickets')
write(changed_agents, agents, 'agents')
return pairs_made
