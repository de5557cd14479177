-- Requests for wrk: the text of `body` with a wallet at random for WALLET and a new key for KEY.
-- An answer counts as good where it has `sign` in it.
local threads = {}

function setup(thread)
    thread:set("number", #threads)
    table.insert(threads, thread)
end

function init(args)
    token, run, body, sign, wallets = args[1], args[2], args[3], args[4], tonumber(args[5])
    headers = { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. token }
    sent, good, bad, first_bad = 0, 0, 0, ""
    math.randomseed(os.time() + number)
end

function request()
    sent = sent + 1
    local asked = body:gsub("WALLET", string.format("%012x", math.random(0, wallets - 1)), 1)
    asked = asked:gsub("KEY", string.format("%s-%d-%d", run, number, sent), 1)
    return wrk.format("POST", nil, headers, asked)
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
