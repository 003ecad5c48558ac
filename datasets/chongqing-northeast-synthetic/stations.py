"""Makes the synthetic stations: motorway service areas, clusters in county seats, a few in townships.

Every station stands 35 to 130 m beside a road, never on one.
"""

from math import sqrt

from grid import county_at, distance, to_lonlat

COLUMNS = ["id", "name", "lon", "lat", "kind", "points", "power_kw", "total_kw", "operator", "access", "status", "opened",
           "swap_bays"]

# Stations by county: uneven on purpose. Chengkou has one and Wuxi two in 7,300 km2.
QUOTA = {"Wanzhou": 27, "Kaizhou": 20, "Yunyang": 10, "Fengjie": 9, "Wushan": 5, "Wuxi": 2, "Chengkou": 1, "Liangping": 10,
         "Zhongxian": 8, "Dianjiang": 9, "Fengdu": 7, "Shizhu": 5}
# Where swap stations stand, (county, whether it charges as well); the first stations of these counties' seats.
SWAPS = [("Wanzhou", False), ("Wanzhou", True), ("Wanzhou", False), ("Kaizhou", False), ("Kaizhou", True),
         ("Yunyang", False), ("Liangping", False), ("Dianjiang", False)]
OPERATORS = ["Synthetic Grid A", "Synthetic Grid B", "Synthetic Charge C", "Synthetic Motors D", "Synthetic County Power E"]
# Service areas: about one pair in this many metres of carriageway.
SERVICE_M = 46000.0
# Share of the other stations that stands in a township and not in the county seat.
TOWNSHIP_SHARE = 0.22
PLANNED, PRIVATE = 3, 6


class Segments:
    """Segments of all roads in 1 km squares, to measure the way to the nearest road."""

    def __init__(self, features):
        self.squares = {}
        for road_class, _, _, points in features:
            for a, b in zip(points, points[1:]):
                low_i, high_i = sorted((int(a[0] / 1000.0), int(b[0] / 1000.0)))
                low_j, high_j = sorted((int(a[1] / 1000.0), int(b[1] / 1000.0)))
                for i in range(low_i, high_i + 1):
                    for j in range(low_j, high_j + 1):
                        self.squares.setdefault((i, j), []).append((a, b, road_class))

    def near(self, p, motorway=True):
        """Segments in the nine squares around a plane position; without motorways if so asked."""
        i, j = int(p[0] / 1000.0), int(p[1] / 1000.0)
        return [s for u in (-1, 0, 1) for v in (-1, 0, 1) for s in self.squares.get((i + u, j + v), [])
                if motorway or s[2] != "motorway"]

    def metres(self, p):
        """Metres from a plane position to the nearest road; 1e9 when none is near."""
        return min((to_segment(p, a, b) for a, b, _ in self.near(p)), default=1e9)


def to_segment(p, a, b):
    """Metres from a point to a segment."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    size = dx * dx + dy * dy
    t = 0.0 if size == 0.0 else min(1.0, max(0.0, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / size))
    return distance(p, (a[0] + t * dx, a[1] + t * dy))


def beside_segment(a, b, t, metres):
    """The point beside a segment at share `t`; above 0 to the right of its direction."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    size = sqrt(dx * dx + dy * dy)
    return a[0] + t * dx + metres * dy / size, a[1] + t * dy - metres * dx / size


def service_areas(features, segments):
    """Plane positions of service areas, right of the carriageways, about 46 km apart on each."""
    spots, run = [], {}
    for _, name, oneway, points in features:
        if not oneway or "ramp" in name:
            continue
        for a, b in zip(points, points[1:]):
            run[name] = run.get(name, SERVICE_M * 0.6) + distance(a, b)
            if run[name] >= SERVICE_M:
                spot = beside_segment(a, b, 0.5, 85.0)
                if 35.0 < segments.metres(spot) < 130.0:
                    spots.append((name.split()[0], spot))
                    run[name] = 0.0
    return spots


def spot_near(town, reach_m, segments, taken, rng):
    """A place beside a road within reach of a town and at least 350 m from other stations; None after many tries."""
    for _ in range(400):
        around = (town[0] + (rng.random() - 0.5) * 2.0 * reach_m, town[1] + (rng.random() - 0.5) * 2.0 * reach_m)
        if distance(around, town) > reach_m:
            continue
        options = [s for s in segments.near(around, motorway=False) if distance(s[0], town) < reach_m]
        if not options:
            continue
        a, b, _ = options[int(rng.random() * len(options))]
        if distance(a, b) < 20.0:
            continue
        side = 1.0 if rng.random() < 0.5 else -1.0
        spot = beside_segment(a, b, rng.random(), side * (40.0 + 80.0 * rng.random()))
        if 35.0 < segments.metres(spot) < 130.0 and all(distance(spot, t) > 350.0 for t in taken):
            return spot
    return None


def all_spots(features, counties, towns, segments, rng):
    """(county name, place name, where, plane position) of every station, by county and in order of making."""
    found, taken = {name: [] for _, name, _ in counties}, []
    shapes = [polygons for _, _, polygons in counties]
    for motorway, spot in service_areas(features, segments):
        name = counties[county_at(*to_lonlat(*spot), shapes)][1]
        if name not in ("Chengkou", "Wuxi"):
            found[name].append((f"{motorway} service area", "motorway", spot))
            taken.append(spot)
    for code, name, polygons in counties:
        own = [t for t in towns if t[0]["county_code"] == code]
        centre = [t for t in own if t[2]]
        others = sorted((t for t in own if not t[2]), key=lambda t: (-int(t[0]["population"] or 0), t[0]["id"]))
        wanted = QUOTA[name] - len(found[name])
        in_townships = int(wanted * TOWNSHIP_SHARE)
        jobs = [(centre[0], "seat", 2600.0 if name != "Wanzhou" else 5200.0)] * (wanted - in_townships)
        jobs += [(t, "township", 1200.0) for t in others[:in_townships]]
        for town, where, reach in jobs:
            spot = spot_near(town[1], reach, segments, taken, rng)
            if spot is None or county_at(*to_lonlat(*spot), [polygons]) != 0:
                continue
            found[name].append((town[0]["name"].replace("’", "'"), where, spot))
            taken.append(spot)
    return [(name, *entry) for _, name, _ in counties for entry in found[name]]


def equipment(where, rng):
    """(points, kW a gun, kW in all) of a charging station: large and fast on motorways, small and slow in townships."""
    guns, powers = {"motorway": ((4, 6, 8, 8, 12), (120, 120, 180, 240)),
                    "seat": ((4, 6, 8, 10, 12, 16, 20, 24), (7, 30, 60, 60, 120, 120, 180)),
                    "township": ((1, 2, 2, 3, 4), (7, 20, 30, 60))}[where]
    points, power = guns[int(rng.random() * len(guns))], powers[int(rng.random() * len(powers))]
    # A gun's power is shared: the station gives 60 to 100 % of the sum.
    share = 1.0 if power <= 7 else (0.6, 0.75, 1.0)[int(rng.random() * 3)]
    return points, power, int(points * power * share + 0.5)


def date(first_year, last_year, rng):
    """An ISO date."""
    year = first_year + int(rng.random() * (last_year - first_year + 1))
    months = 10 if year == 2026 else 12  # nothing open is later than this set
    return f"{year}-{1 + int(rng.random() * months):02d}-{1 + int(rng.random() * 28):02d}"


def build(features, counties, towns, rng):
    """Rows of `stations-synthetic.csv`."""
    spots = all_spots(features, counties, towns, Segments(features), rng)
    swaps = list(SWAPS)
    seats = [i for i, s in enumerate(spots) if s[2] == "seat" and s[0] not in ("Chengkou", "Wuxi")]
    swap_at = {}
    for county, both in swaps:
        swap_at[next(i for i in seats if spots[i][0] == county and i not in swap_at)] = both
    plain = [i for i in seats if i not in swap_at]
    special = [plain[(7 + 11 * k) % len(plain)] for k in range(PLANNED + PRIVATE)]
    planned, private = set(special[:PLANNED]), set(special[PLANNED:])
    rows, serial = [], {}
    for i, (county, place, where, spot) in enumerate(spots):
        points, power, total = equipment(where, rng)
        kind, bays = "charging", ""
        if i in swap_at:
            kind, bays = ("charging;swap" if swap_at[i] else "swap"), str(1 + int(rng.random() * 2))
            if not swap_at[i]:
                points, power, total = "", "", 1200
        serial[place] = serial.get(place, 0) + 1
        title = {"swap": "swap", "charging": "charging", "charging;swap": "charging and swap"}[kind]
        lon, lat = to_lonlat(*spot)
        operator = OPERATORS[4] if where == "township" else OPERATORS[int(rng.random() * 5)]
        opened = date(2027, 2027, rng) if i in planned else date(2018, 2026, rng)
        rows.append([f"S{i + 1:04d}", f"{county} {place} {title} {serial[place]} (synthetic)", f"{lon:.6f}", f"{lat:.6f}", kind,
                     points, power, total, operator, "private" if i in private else "public",
                     "planned" if i in planned else "open", opened, bays])
    return rows
