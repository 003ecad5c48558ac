#!/usr/bin/env bash
# Instruction counts of the kernels (benches/counts.rs). Needs valgrind; builds the runner of the version in Cargo.lock once, into
# target/tools. Usage: benches/counts.sh ['*five_nearest*']
set -euo pipefail
cd "$(dirname "$0")/.."
command -v valgrind >/dev/null || { echo "valgrind is missing: install it first" >&2; exit 3; }
version=$(sed -n '/^name = "gungraun"$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)
tools=target/tools/gungraun-$version
[ -x "$tools/bin/gungraun-runner" ] || cargo install --quiet --locked --root "$tools" --version "=$version" gungraun-runner
GUNGRAUN_RUNNER=$PWD/$tools/bin/gungraun-runner cargo bench --features counts --bench counts -- "$@"
