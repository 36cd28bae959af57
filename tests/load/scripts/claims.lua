-- Claims of one coupon, each shopper in turn: wrk … -- KEY OFFER SHOPPERS MARK
-- MARK names the keys; with COUNT (5th) it asks so many times and then no more, every fifth a replay of one before, and
-- says ALL once it has an answer to each.
dofile(debug.getinfo(1, "S").source:match("@(.*/)") .. "said.lua")

function init(args)
  begin(args)
  offer, shoppers, mark, most = args[2], tonumber(args[3]), args[4], tonumber(args[5] or "0")
  n, taken, refused = 0, 0, 0
end

function request()
  n = n + 1
  local at = n
  if most > 0 then
    if n > most then return wrk.format("GET", "/v1/health") end
    if n % 5 == 0 then at = n - 3 end
  end
  wrk.headers["Idempotency-Key"] = mark .. "-" .. at
  local body = string.format('{"offer":"%s","shopper":"load-%06d"}', offer, at % shoppers)
  return wrk.format(nil, "/v1/claims", nil, body)
end

function response(status)
  if status == 201 then taken = taken + 1 elseif status == 409 then refused = refused + 1 end
  -- The generator asks its script for one request that it never sends.
  if most > 0 and not all and taken + refused >= most - 1 then
    all = true
    io.write("ALL\n")
    io.flush()
  end
end
