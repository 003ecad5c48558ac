#!/bin/sh
# Builds the fuzz targets with the installed stable compiler and runs one, or all:
#   ./run.sh [TARGET|all] [SECONDS]    random inputs, kept in corpus/ for the next time
#   ./run.sh [TARGET|all] same         the same 10,000 inputs a target every time, from the seeds alone: 130,000 over all; what CI runs
#   ./run.sh [TARGET|all] million      the same with 100,000 inputs a target, 1,300,000 over all; before a release
# No nightly and no cargo-fuzz: coverage comes from LLVM's own pass. A crash leaves artifacts/TARGET-….
set -eu
cd "$(dirname "$0")"
triple=$(rustc -vV | sed -n 's/^host: //p')
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-trace-compares -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
-Cllvm-args=-sanitizer-coverage-pc-table"
cargo build --release --target "$triple" # a target, so that build scripts and macros are not instrumented
[ "${1:-all}" = all ] && list="json csv flatgeobuf shapefile geopackage geometry osm_pbf osm_xml raster parquet workbook region_toml crs" || list=$1
complain() {
    echo "$1: crashed or hung; artifacts/$1.log has it all"
    tail -n 12 "artifacts/$1.log"
    for input in artifacts/"$1"-*; do
        LOUD=1 "target/$triple/release/$1" "$input" 2>&1 | grep -a -A 3 -m 3 panicked || true
    done
}
fuzz() {
    if [ "$2" = same ] || [ "$2" = million ]; then
        [ "$2" = same ] && runs=10000 || runs=100000
        corpus=$(mktemp -d) how="-seed=1 -runs=$runs" span="the same every time"
    else
        corpus=corpus/$1 how="-max_total_time=$2" span="in $2 s"
        mkdir -p "$corpus"
    fi
    mkdir -p artifacts
    # shellcheck disable=SC2086
    "target/$triple/release/$1" "$corpus" "seeds/$1" $how -rss_limit_mb=2048 -malloc_limit_mb=1024 \
        -timeout=5 -max_len=16384 -print_final_stats=1 -artifact_prefix="artifacts/$1-" >"artifacts/$1.log" 2>&1 ||
        { complain "$1"; return 1; }
    echo "$1: $(sed -n 's/^stat::number_of_executed_units: *//p' "artifacts/$1.log") inputs, $span, no crash"
}
# Two at a time; the first that fails fails the whole.
set -- $list "${2:-60}" # the last one says how long
status=0
while [ $# -gt 1 ]; do
    first=$1 && shift
    for long in "$@"; do :; done
    fuzz "$first" "$long" &
    one=$! two=
    if [ $# -gt 1 ]; then
        fuzz "$1" "$long" &
        two=$! && shift
    fi
    wait $one || status=1
    [ -z "$two" ] || wait "$two" || status=1
done
exit $status
