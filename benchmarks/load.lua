-- Requests for wrk: the text of `body` with a wallet at random for each WALLET and a new key for each KEY.
-- An answer counts as good where it has `sign` in it.
local threads = {}

function setup(thread)
    thread:set("number", #threads)
    table.insert(threads, thread)
end

function init(args)
    token, run, body, sign, wallets = args[1], args[2], args[3], args[4], tonumber(args[5])
    headers = { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. token }
    keys, good, bad, first_bad = 0, 0, 0, ""
    math.randomseed(os.time() + number)
end

function request()
    local asked = body:gsub("WALLET", wallet):gsub("KEY", key)
    return wrk.format("POST", nil, headers, asked)
end

function wallet()
    return string.format("%012x", math.random(0, wallets - 1))
end

function key()
    keys = keys + 1
    return string.format("%08x-%s-%d-%d", math.random(0, 2^32 - 1), run, number, keys) -- anywhere in an index
end

function response(status, _, answer)
    if status == 200 and answer:find(sign, 1, true) then
        good = good + 1
    else
        first_bad = bad == 0 and status .. " " .. answer or first_bad
        bad = bad + 1
    end
end

function done(summary, _, _)
    local good, bad = 0, summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
    for _, thread in ipairs(threads) do
        good, bad = good + thread:get("good"), bad + thread:get("bad")
        io.write(thread:get("first_bad"), "\n")
    end
    io.write(string.format('{"good": %d, "bad": %d, "seconds": %f}\n', good, bad, summary.duration / 1e6))
end
