#!/usr/bin/env bash
# R12: a 1 GiB GeoJSON road file under limits of address space. Prints exit code, peak memory and time for each limit.
# Usage: benches/memory.sh [WORK] [MiB of GeoJSON]; needs 1 GiB of disk (4 GiB where the run succeeds) and GNU time.
set -euo pipefail
cd "$(dirname "$0")/.."
work=${1:-/tmp/chargegap-memory}; mib=${2:-1024}
cargo build --release --quiet
[ -f "$work/roads.geojson" ] || benches/big_geojson.sh "$work" "$mib"
for limit in 100 400 800 1600 3200 unlimited; do
  kib=$limit; [ "$limit" = unlimited ] || kib=$((limit * 1024))
  (
    ulimit -v "$kib"
    code=0
    /usr/bin/time -o "$work/time" -f "%M %e" target/release/chargegap run "$work" -o "$work/out" --overwrite -q 2> "$work/err" || code=$?
    tail -n 1 "$work/time" | awk -v l="$limit" -v c="$code" '{ printf "limit %9s MiB: exit %d, peak %5.0f MiB, %6.1f s\n", l, c, $1 / 1024, $2 }'
  )
done
