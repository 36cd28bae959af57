-- What every script shares: the key, the bodies, and one line of JSON at the end.
local threads = {}

function setup(thread)
  threads[#threads + 1] = thread
end

function begin(args)
  wrk.method = "POST"
  wrk.headers["Authorization"] = "Bearer " .. args[1]
  wrk.headers["Content-Type"] = "application/json"
end

function lines(path)
  local found = {}
  for line in io.lines(path) do found[#found + 1] = line end
  return found
end

function done(summary, latency, requests)
  local taken, refused = 0, 0
  for _, thread in ipairs(threads) do
    taken = taken + (thread:get("taken") or 0)
    refused = refused + (thread:get("refused") or 0)
  end
  io.write(string.format(
    '\nSAID {"requests": %d, "micros": %d, "p50": %d, "p99": %d, "connect": %d, "read": %d, "write": %d, "timeout": %d, "status": %d, "taken": %d, "refused": %d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    summary.errors.connect, summary.errors.read, summary.errors.write, summary.errors.timeout, summary.errors.status,
    taken, refused))
end
