#!/usr/bin/env bash
# An OSM extract to a routable graph: chargegap beside pyosmium, Valhalla and OSRM, one after the other on one machine.
#
#   benches/import_peers.sh FILE.osm.pbf...
#
# Needs python3 with pip, and GNU time. Valhalla's and OSRM's programs come out of their wheels, fetched once into
# $WORK (default: chargegap-import in the temporary folder). CPU seconds are user and system time of all threads.
set -euo pipefail
cd "$(dirname "$0")/.."
WORK=${WORK:-${TMPDIR:-/tmp}/chargegap-import}
mkdir -p "$WORK"
if [ ! -d "$WORK/engines" ]; then
  python3 -m venv "$WORK/venv"
  "$WORK/venv/bin/pip" -q install osmium
  "$WORK/venv/bin/pip" -q download --no-deps --only-binary :all: --python-version 3.12 -d "$WORK/wheels" pyvalhalla==3.9.1 osrm-bindings==26.10.0
  for wheel in "$WORK"/wheels/*.whl; do python3 -m zipfile -e "$wheel" "$WORK/engines.part"; done
  chmod +x "$WORK"/engines.part/*/bin/*
  mv "$WORK/engines.part" "$WORK/engines"
fi
cat >"$WORK/graph.py" <<'PY'
"""Junctions and edges of the roads of an extract with pyosmium."""
import sys
import osmium
path, uses, ways, at = sys.argv[1], {}, [], {}
for way in osmium.FileProcessor(path, osmium.osm.WAY).with_filter(osmium.filter.KeyFilter("highway")):
    refs = [node.ref for node in way.nodes]
    ways.append(refs)
    for ref in refs:
        uses[ref] = uses.get(ref, 0) + 1
    uses[refs[0]] += 1
    uses[refs[-1]] += 1
for node in osmium.FileProcessor(path, osmium.osm.NODE):
    if node.id in uses:
        at[node.id] = (node.lon, node.lat)
edges = sum(sum(uses[ref] > 1 for ref in refs[1:]) for refs in ways)
print(sum(n > 1 for n in uses.values()), "nodes,", edges, "edges", file=sys.stderr)
PY
PYTHONPATH="$WORK/engines/valhalla" python3 - "$WORK/tiles" >"$WORK/valhalla.json" <<'PY'
import json, sys
from valhalla_build_config import Optional, config
def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if not isinstance(v, Optional)}
    return value
made = plain(config)
made["mjolnir"].update(tile_dir=sys.argv[1], concurrency=2)
json.dump(made, sys.stdout, default=str)
PY
cargo build --quiet --release --bench osm_import
OURS=$(cargo bench --quiet --bench osm_import --no-run --message-format=json 2>/dev/null |
  python3 -c 'import json,sys
for line in sys.stdin:
    made = json.loads(line)
    if made.get("executable") and made["target"]["name"] == "osm_import": print(made["executable"])')

timed() { # NAME COMMAND...
  local name=$1 && shift
  if /usr/bin/time -f "%U %S %e %M" -o "$WORK/time" "$@" >"$WORK/log" 2>&1; then
    awk -v n="$name" '{ printf "| %s | %.2f | %.2f | %.0f |\n", n, $1 + $2, $3, $4 / 976.5625 }' "$WORK/time"
  else
    echo "| $name | failed: $(tail -1 "$WORK/log") | | |"
  fi
}

for file in "$@"; do
  file=$(realpath "$file")
  rm -rf "$WORK/osrm" "$WORK/tiles" && mkdir -p "$WORK/osrm" "$WORK/tiles"
  ln -s "$file" "$WORK/osrm/x.osm.pbf"
  echo
  echo "$(basename "$(dirname "$file")")/$(basename "$file"), $(stat -Lc %s "$file") bytes"
  echo
  CHARGEGAP_PBF=$file "$OURS" --bench | sed 's/^/    /'
  echo
  echo "| tool | CPU s | wall s | peak MB |"
  echo "|---|---|---|---|"
  CHARGEGAP_PBF=$file CHARGEGAP_NO_SCAN=1 timed "chargegap: roads, stations, settlements, graph" "$OURS" --bench
  timed "pyosmium: junctions and edges" "$WORK/venv/bin/python" "$WORK/graph.py" "$file"
  timed "valhalla_build_tiles -j 2" "$WORK/engines/valhalla/bin/valhalla_build_tiles" -c "$WORK/valhalla.json" -j 2 "$file"
  timed "osrm-extract -t 2, car" "$WORK/engines/osrm/bin/osrm-extract" -t 2 -p "$WORK/engines/osrm/share/profiles/car.lua" "$WORK/osrm/x.osm.pbf"
done
