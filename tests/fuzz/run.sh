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
for target in $list; do
    mkdir -p "corpus/$target" artifacts
    "target/$triple/release/$target" "corpus/$target" "seeds/$target" -max_total_time="${2:-60}" -rss_limit_mb=2048 \
        -malloc_limit_mb=1024 -timeout=5 -max_len=16384 -print_final_stats=1 -artifact_prefix="artifacts/$target-"
done
