#!/usr/bin/env bash
# Writes a region with a GeoJSON road file of a given size (MiB; default 1024): a grid of winding roads, 20 vertices each,
# as DIR/roads.geojson with counties, stations and region.toml. For benches/memory.sh.
set -euo pipefail
dir=${1:?folder}; mib=${2:-1024}
mkdir -p "$dir"
awk -v mib="$mib" 'BEGIN {
  printf "{\"type\":\"FeatureCollection\",\"features\":[\n"
  bytes = 0; limit = mib * 1048576
  for (n = 0; bytes < limit; n++) {
    row = int(n / 1000); col = n % 1000
    line = sprintf("%s{\"type\":\"Feature\",\"properties\":{\"class\":\"%s\",\"name\":\"Road %d\"},\"geometry\":{\"type\":\"LineString\",\"coordinates\":[", n ? ",\n" : "", n % 7 ? "tertiary" : "secondary", row)
    for (k = 0; k <= 20; k++) {
      f = col + k / 20
      line = line sprintf("%s[%.7f,%.7f]", k ? "," : "", 100 + f * 0.01, 25 + row * 0.005 + (k % 20 ? (k % 3) * 0.0004 : 0))
    }
    line = line "]}}"
    printf "%s", line
    bytes += length(line)
    if (col == 999) for (c = 0; c < 1000; c += 10) {   # the rows are joined
      line = sprintf(",\n{\"type\":\"Feature\",\"properties\":{\"class\":\"tertiary\"},\"geometry\":{\"type\":\"LineString\",\"coordinates\":[[%.7f,%.7f],[%.7f,%.7f]]}}", 100 + c * 0.01, 25 + row * 0.005, 100 + c * 0.01, 25 + (row + 1) * 0.005)
      printf "%s", line
      bytes += length(line)
    }
  }
  printf "\n]}\n"
}' > "$dir/roads.geojson"
echo '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"000001","name":"All"},"geometry":{"type":"Polygon","coordinates":[[[99,24],[111,24],[111,60],[99,60],[99,24]]]}}]}' > "$dir/counties.geojson"
echo 'id,lon,lat
1,103,25.01
2,107,26' > "$dir/stations.csv"
cat > "$dir/region.toml" <<'T'
[region]
name = "Big GeoJSON (synthetic)"
[counties]
path = "counties.geojson"
[roads]
path = "roads.geojson"
[stations]
path = "stations.csv"
T
