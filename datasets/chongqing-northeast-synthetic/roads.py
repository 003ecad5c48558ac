"""Makes the ordinary roads: county links, township links, village roads, and a few cut-off pieces."""

from grid import distance
from network import LOCAL, PRIMARY, SECONDARY, TERTIARY, TRUNK

# Links between county seats; the national-road-like ones are trunk, the others primary.
TRUNK_LINKS = [("Dianjiang", "Liangping"), ("Liangping", "Wanzhou"), ("Wanzhou", "Yunyang"), ("Yunyang", "Fengjie"),
               ("Fengjie", "Wushan"), ("Fengdu", "Zhongxian"), ("Zhongxian", "Wanzhou"), ("Wanzhou", "Kaizhou"),
               ("Kaizhou", "Chengkou"), ("Fengdu", "Shizhu")]
PRIMARY_LINKS = [("Dianjiang", "Fengdu"), ("Dianjiang", "Zhongxian"), ("Liangping", "Zhongxian"), ("Liangping", "Kaizhou"),
                 ("Kaizhou", "Yunyang"), ("Fengjie", "Wuxi"), ("Wuxi", "Wushan"), ("Wuxi", "Chengkou"),
                 ("Shizhu", "Wanzhou"), ("Zhongxian", "Shizhu"), ("Yunyang", "Wuxi")]

# Length of all ordinary roads to aim for, metres on the bent plane (the drawn roads are a little shorter).
TARGET_M = 11_600_000.0
# Tries at a street around each county seat.
STREETS_PER_COUNTY_SEAT = 45
# Cut-off pieces: how many, and how many cells each is long (300 m a cell).
CUT_OFF_CELLS = (4, 3, 5)


def link_counties(network, seat_cell):
    """Trunk and primary roads between the county seats; `seat_cell` maps county name to cell."""
    for number, (a, b) in enumerate(TRUNK_LINKS):
        network.add_path(network.route(seat_cell[a], seat_cell[b], reuse=0.8), TRUNK, 301 + number)
    for number, (a, b) in enumerate(PRIMARY_LINKS):
        network.add_path(network.route(seat_cell[a], seat_cell[b], reuse=0.8), PRIMARY, 201 + number)


def neighbour_pairs(cells, place, rng):
    """Pairs of seats worth a road: the relative neighbourhood graph (it holds the minimum spanning tree), plus some
    pairs of the Gabriel graph so that there are loops. Sorted by distance, then by cell."""
    pairs = []
    for a in cells:
        near = sorted((distance(place[a], place[b]), b) for b in cells if b != a)[:20]
        for d_ab, b in near:
            if a > b:
                continue
            lens = circle = True
            for d_ac, c in near:
                d_bc = distance(place[b], place[c])
                if c != b and d_ac < d_ab and d_bc < d_ab:
                    lens = False
                if c != b and d_ac * d_ac + d_bc * d_bc < d_ab * d_ab:
                    circle = False
            if lens or (circle and rng.random() < 0.3):
                pairs.append((d_ab, a, b))
    return sorted(pairs)


def link_townships(network, county_cells, seats, rng):
    """Secondary and tertiary roads: every seat to its neighbours; the parts many seats share become secondary."""
    place = network.grid.place
    cells = sorted(seats)
    for number, (_, a, b) in enumerate(neighbour_pairs(cells, place, rng)):
        network.add_path(network.route(a, b, reuse=0.35, bridge_m=9000.0), TERTIARY, 1001 + number)
    for a in cells:
        if a not in network.edges:
            network.add_path(network.route(a), TERTIARY, 1900 + cells.index(a))
    join_pieces(network)
    for (a, b), count in sorted(network.usage(sorted(county_cells), cells).items()):
        edge = network.edges[a][b]
        if edge[0] == TERTIARY and count >= 3:
            edge[0] = SECONDARY


def join_pieces(network):
    """Joins pieces of the network to the largest one, should any be left."""
    while True:
        pieces = network.pieces()
        if len(pieces) == 1:
            return
        path = network.route(pieces[1][0], pieces[0][0])
        if path is None:
            raise SystemExit("the counties are not one connected area; is counties.geojson complete?")
        network.add_path(path, TERTIARY, 1999)


def add_villages(network, seat_cells, rng):
    """Local roads from villages to the nearest road, until the target length is reached; most end there, some loop.

    Villages are denser low down and near the seats; high ground in the north stays sparse.
    """
    grid, terrain = network.grid, network.terrain
    cells = [c for c in range(grid.count) if grid.inside[c] and not terrain.river[c]]
    to_seat = grid.spread(sorted(seat_cells))
    length, number, tails = network.length_m(), 0, []
    while length < TARGET_M:
        village = cells[int(rng.random() * len(cells))]
        chance = 0.20 + 0.8 / (1.0 + (terrain.height[village] / 750.0) * (terrain.height[village] / 750.0))
        chance *= 0.5 + 0.5 / (1.0 + to_seat[village] / 4000.0) if to_seat[village] < 9000.0 else 0.55
        if rng.random() > chance or village in network.edges or crowded(network, village):
            continue
        path = network.route(village, bridge_m=40000.0, limit=60000)
        if path is None or len(path) < 2 or len(path) > 40:
            continue
        network.add_path(path, LOCAL, 2001 + number)
        length += path_m(grid, path)
        if tails and rng.random() < 0.22:
            length += close_loop(network, village, tails, 2001 + number)
        tails.append(village)
        number += 1


def add_streets(network, county_cells, rng):
    """Short local roads around each county seat, denser towards the middle, so that the seats look like towns."""
    grid, number = network.grid, 8001
    for seat in sorted(county_cells):
        for _ in range(STREETS_PER_COUNTY_SEAT):
            reach = 300.0 + 2700.0 * rng.random()
            x = grid.place[seat][0] + (rng.random() * 2.0 - 1.0) * reach
            y = grid.place[seat][1] + (rng.random() * 2.0 - 1.0) * reach
            cell = grid.nearest_cell((x, y))
            path = None if cell in network.edges else network.route(cell, bridge_m=40000.0, limit=12000)
            if path is not None and len(path) > 1:
                network.add_path(path, LOCAL, number)
                number += 1


def crowded(network, cell):
    """Whether two or more of the eight cells around have a road."""
    return sum(1 for step, _, _, _ in network.grid.moves if cell + step in network.edges) > 1


def close_loop(network, village, tails, number):
    """A second way out: from a village to the nearest other village within 5 km. Returns the new metres."""
    place = network.grid.place
    near = min((distance(place[village], place[t]), t) for t in tails[-1500:])
    if near[0] > 5000.0 or near[0] < 900.0:
        return 0.0
    path = network.route(village, near[1], reuse=0.9, bridge_m=40000.0, limit=30000)
    if path is None:
        return 0.0
    fresh = [(a, b) for a, b in zip(path, path[1:]) if b not in network.edges.get(a, {})]
    network.add_path(path, LOCAL, number)
    return path_m(network.grid, [c for pair in fresh for c in pair][::2]) if fresh else 0.0


def path_m(grid, path):
    """Length of a path of cells, metres."""
    total = 0.0
    for a, b in zip(path, path[1:]):
        total += distance(grid.place[a], grid.place[b])
    return total


def add_cut_off(network, rng):
    """A few short roads that touch nothing, as in real extracts: under 2 km, over 1 km from other roads."""
    grid, made = network.grid, []
    away = grid.spread(sorted(network.edges))
    cells = [c for c in range(grid.count) if grid.inside[c] and away[c] > 2400.0 and not network.terrain.river[c]]
    for number, size in enumerate(CUT_OFF_CELLS):
        while True:
            start = cells[int(rng.random() * len(cells))]
            path = [start]
            for _ in range(size):
                path.append(path[-1] + (1, grid.columns + 1, 1, grid.columns)[int(rng.random() * 4)])
            alone = all(distance(grid.place[start], grid.place[m]) > 8000.0 for m in made)
            if alone and all(grid.inside[c] and away[c] > 1200.0 and not network.terrain.river[c] for c in path):
                break
        network.add_path(path, LOCAL, 9001 + number)
        made.append(start)
