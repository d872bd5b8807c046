-- What wrk sends, and how it says what it has seen. Arguments: the mode, and the file with an order.
-- Requests are made once: this thread has no time for Lua between them.

local pipelined = 16

local function contents(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

function init(args)
  local mode = args[1]
  if mode == "post" then
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/json"
    wrk.body = contents(args[2])
  elseif mode == "upload" then
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/octet-stream"
    wrk.body = string.rep("x", 1024 * 1024)
  elseif mode == "pipelined" then
    local format = wrk.format
    wrk.format = function(...) return string.rep(format(...), pipelined) end
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  print(table.concat({
    "tally",
    string.format("%d", summary.requests),
    string.format("%d", summary.duration),
    string.format("%.0f", latency:percentile(99)),
    string.format("%d", errors.connect),
    string.format("%d", errors.read),
    string.format("%d", errors.write),
    string.format("%d", errors.status),
    string.format("%d", errors.timeout),
  }, "\t"))
end
