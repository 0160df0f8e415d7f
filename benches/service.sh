#!/usr/bin/env bash
# The service beside the least that one can do: one application a request, on this machine, in one run. Needs `wrk`.
#   cargo build --release --package catchall --package catchall-server --bin catchall --example echo
#   benches/service.sh [ROUNDS] [SECONDS]
# Prints requests a second and the 99th percentile of each round, and the medians.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-5} seconds=${2:-5}
programs=${CARGO_TARGET_DIR:-target}/release
sample=$PWD/data/samples/predator-madagascar-2021.json
folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$folder"' EXIT

cat >"$folder/settings.toml" <<'END'
log = "error"
[limits.senior_officer]
body_bytes = 1000000
table_bytes = 0
seconds = 60
lines = 100
requests_per_second = 1000000
burst = 1000000
END
"$programs/examples/echo" 127.0.0.1:18081 &
(cd "$folder" && exec "$programs/catchall" serve --listen 127.0.0.1:18082 --config settings.toml) >"$folder/said" &
until grep -q 'Stop:' "$folder/said"; do sleep 0.1; done
token=$(grep -o 'catchall_[0-9a-f_]*' "$folder/said" | head -n 1)

cat >"$folder/post.lua" <<END
local file = io.open("$sample")
wrk.method, wrk.body = "POST", file:read("a")
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer $token"
END

# Milliseconds, whatever unit wrk prints.
load() {
  wrk -t1 -c"${3:-8}" -d"${seconds}s" --latency -s "$folder/post.lua" "$2" >"$folder/wrk"
  awk -v who="$1" '
    /99%/ { value = $2; unit = value; sub(/[a-z]+$/, "", value); sub(/^[0-9.]+/, "", unit)
            p99 = value * (unit == "us" ? 0.001 : unit == "s" ? 1000 : 1) }
    /Requests\/sec/ { rate = $2 }
    /Non-2xx/ { bad = $0 }
    END { printf "%s %.0f requests/s, p99 %.2f ms %s\n", who, rate, p99, bad }' "$folder/wrk" | tee -a "$folder/$1"
}
median() { sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }

law='ruleset=eu-dual-use'
for _ in $(seq "$rounds"); do
  load echo http://127.0.0.1:18081/
  load screens "http://127.0.0.1:18082/v1/screenings?$law"
  load keeps "http://127.0.0.1:18082/v1/screenings?$law&keep=true" 256
done
for who in echo screens keeps; do
  rate=$(awk '{ print $2 }' "$folder/$who" | median)
  p99=$(awk '{ print $5 }' "$folder/$who" | median)
  echo "median $who: $rate requests/s, p99 $p99 ms"
done
