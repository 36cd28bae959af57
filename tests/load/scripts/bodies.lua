-- One body after the other of a file, to one address: wrk … -- KEY PATH FILE
dofile(debug.getinfo(1, "S").source:match("@(.*/)") .. "said.lua")

function init(args)
  begin(args)
  path, bodies, n = args[2], lines(args[3]), 0
end

function request()
  n = n % #bodies + 1
  return wrk.format(nil, path, nil, bodies[n])
end
