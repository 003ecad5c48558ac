#!/bin/sh
# Builds the fuzz targets with the installed stable compiler and runs one, or all:
#   ./run.sh [TARGET|all] [SECONDS]
# No nightly and no cargo-fuzz: coverage comes from LLVM's own pass. A crash leaves artifacts/TARGET-….
set -eu
cd "$(dirname "$0")"
triple=$(rustc -vV | sed -n 's/^host: //p')
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-trace-compares -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
-Cllvm-args=-sanitizer-coverage-pc-table"
cargo build --release --target "$triple" # a target, so that build scripts and macros are not instrumented
[ "${1:-all}" = all ] && list="json csv flatgeobuf shapefile geopackage geometry osm_pbf region_toml crs" || list=$1
fuzz() {
    mkdir -p "corpus/$1" artifacts
    "target/$triple/release/$1" "corpus/$1" "seeds/$1" -max_total_time="$2" -rss_limit_mb=2048 -malloc_limit_mb=1024 \
        -timeout=5 -max_len=16384 -print_final_stats=1 -artifact_prefix="artifacts/$1-" >"artifacts/$1.log" 2>&1 ||
        { tail -n 40 "artifacts/$1.log"; return 1; }
    echo "$1: $(sed -n 's/^stat::number_of_executed_units: *//p' "artifacts/$1.log") inputs in $2 s, no crash"
}
# Two at a time; the first that fails fails the whole.
set -- $list "${2:-60}"
status=0
while [ $# -gt 1 ]; do
    first=$1 && shift
    for seconds in "$@"; do :; done
    fuzz "$first" "$seconds" &
    one=$! two=
    if [ $# -gt 1 ]; then
        fuzz "$1" "$seconds" &
        two=$! && shift
    fi
    wait $one || status=1
    [ -z "$two" ] || wait "$two" || status=1
done
exit $status
