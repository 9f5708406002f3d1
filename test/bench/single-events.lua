-- Run by wrk: POSTs one event a request, a new one each time. The first argument sets the ids of a run apart from those of others.
wrk.method = "POST"
local run, sent = "0", 0

function init(args)
  run = args[1]
end

function request()
  sent = sent + 1
  local body = string.format(
    '{"id":"e%s-%012d","source":"app","type":"like","viewerId":"v%d","creatorId":"c%d","contentId":"k%d","occurredAt":"2026-09-01T00:00:00.000Z"}',
    run, sent, sent % 10007, sent % 997, sent % 4999)
  return wrk.format(nil, nil, nil, body)
end

function done(summary)
  local errors = summary.errors
  io.write(string.format('\n{"requests":%d,"microseconds":%d,"refused":%d,"failed":%d}\n', summary.requests, summary.duration,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
