"""Makes the motorways: pairs of one-way carriageways with interchanges, routed apart from the ordinary roads.

A motorway passes over and under other roads: it shares a vertex with them only where a ramp ends.
"""

from heapq import heappop, heappush
from math import sqrt

from grid import CELL, distance, to_plane
from lines import cut_corners, ease
from network import TERTIARY

# Number, and the waypoints (degrees) of each motorway; the waypoints lie a few kilometres beside the county seats.
MOTORWAYS = [
    (1, [(107.37, 30.36), (107.79, 30.69), (108.33, 30.84), (108.72, 30.99), (109.42, 31.06), (109.85, 31.11)]),
    (2, [(108.40, 31.14), (108.43, 30.84)]),
    (3, [(108.34, 30.74), (108.02, 30.34), (107.71, 29.90)]),
]
# Motorways are routed on every fourth cell, 1,200 m.
STRIDE = 4
# Half the distance between the carriageways, metres.
HALF_GAP = 13.0
# About one interchange in this many metres, and how far an ordinary road may be from it.
SPACING_M, REACH_M = 21000.0, 1800.0


def coarse_route(network, start, goal):
    """Least-cost path over every fourth cell; slope counts less than for other roads (tunnels, viaducts)."""
    grid, terrain = network.grid, network.terrain
    moves = [(step * STRIDE, length * STRIDE) for step, length, _, _ in grid.moves]
    best, parent, done, heap = {start: 0}, {start: -1}, set(), [(0, start)]
    while heap:
        cost, cell = heappop(heap)
        if cell in done:
            continue
        done.add(cell)
        if cell == goal:
            path = []
            while cell >= 0:
                path.append(cell)
                cell = parent[cell]
            return path[::-1]
        for step, length in moves:
            other = cell + step
            if not 0 <= other < grid.count or not grid.inside[other]:
                continue
            slope = (terrain.height[other] - terrain.height[cell]) / length
            total = cost + int(length * (0.6 + 0.5 * terrain.rough[other] + 60.0 * slope * slope))
            if total < best.get(other, 10**12):
                best[other], parent[other] = total, cell
                heappush(heap, (total, other))
    raise SystemExit("no motorway path inside the counties; is counties.geojson complete?")


def stride_cell(grid, position):
    """The cell on the stride that lies nearest to a plane position."""
    options = []
    for j in range(-2, 3):
        for i in range(-2, 3):
            column = (int(position[0] / CELL) // STRIDE + i) * STRIDE
            row = (int(position[1] / CELL) // STRIDE + j) * STRIDE
            cell = row * grid.columns + column
            if 0 <= cell < grid.count and grid.inside[cell]:
                options.append((distance(grid.place[cell], position), cell))
    return min(options)[1]


def centreline(network, waypoints, near):
    """The middle of a motorway as plane positions about 300 m apart, and the two road cells where it ends."""
    cells = [stride_cell(network.grid, to_plane(*p)) for p in waypoints]
    path = [cells[0]]
    for a, b in zip(cells, cells[1:]):
        path += coarse_route(network, a, b)[1:]
    place = network.grid.place
    first, last = near.nearest(place[path[0]])[1], near.nearest(place[path[-1]])[1]
    points = drop_spikes([place[first]] + [place[c] for c in path[1:-1]] + [place[last]])
    return cut_corners(cut_corners(ease(points, 5))), first, last


def drop_spikes(points):
    """Leaves out points where the line turns back on itself (at waypoints)."""
    kept = list(points)
    i = 1
    while i < len(kept) - 1:
        a, b, c = kept[i - 1], kept[i], kept[i + 1]
        if (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) <= 0.0:
            del kept[i]
            i = max(1, i - 1)
        else:
            i += 1
    return kept


def beside(points, metres):
    """The line moved sideways; above 0 to the right of its direction."""
    moved = []
    for i, (x, y) in enumerate(points):
        a, b = points[max(0, i - 1)], points[min(len(points) - 1, i + 1)]
        dx, dy = b[0] - a[0], b[1] - a[1]
        length = sqrt(dx * dx + dy * dy)
        moved.append((x + metres * dy / length, y - metres * dx / length))
    return moved


def road_cells(network):
    """Cells of the main piece with a road of class tertiary or better."""
    piece = network.pieces()[0]
    return [c for c in piece if any(e[0] <= TERTIARY for e in network.edges[c].values())]


class NearRoads:
    """Finds the road cell nearest to a plane position, through a table of 3 km squares."""

    def __init__(self, network):
        self.place, self.squares = network.grid.place, {}
        for cell in sorted(road_cells(network)):
            x, y = self.place[cell]
            self.squares.setdefault((int(x / 3000.0), int(y / 3000.0)), []).append(cell)

    def nearest(self, position):
        """(metres, cell) of the nearest road cell among the nine squares around; (1e9, -1) when there is none."""
        i, j = int(position[0] / 3000.0), int(position[1] / 3000.0)
        return min(((distance(self.place[c], position), c) for u in (-1, 0, 1) for v in (-1, 0, 1)
                    for c in self.squares.get((i + u, j + v), [])), default=(1e9, -1))


def interchanges(points, waypoints, near):
    """Where to put interchanges: (index on the line, road cell), near the waypoints and every 21 km between."""
    along = [0.0]
    for a, b in zip(points, points[1:]):
        along.append(along[-1] + distance(a, b))
    wanted = [min(range(len(points)), key=lambda i: distance(points[i], to_plane(*w))) for w in waypoints[1:-1]]
    wanted += [min(range(len(points)), key=lambda i: abs(along[i] - k * SPACING_M))
               for k in range(1, int(along[-1] / SPACING_M) + 1)]
    chosen = []
    for want in sorted(wanted):
        options = []
        for i in range(max(6, want - 16), min(len(points) - 6, want + 17)):
            metres, cell = near.nearest(points[i])
            if 120.0 < metres < REACH_M:
                options.append((metres, i, cell))
        if options:
            _, i, cell = min(options)
            clear = all(abs(along[i] - along[o]) > 8000.0 for o, _ in chosen)
            if clear and min(along[i], along[-1] - along[i]) > 4000.0:
                chosen.append((i, cell))
    return chosen


def ramp(start, end, heading):
    """A curved ramp from `start` to `end` that leaves along `heading` (a plane vector), as plane positions."""
    reach = distance(start, end) * 0.45
    size = distance(heading, (0.0, 0.0))
    middle = (start[0] + heading[0] / size * reach, start[1] + heading[1] / size * reach)
    line = []
    for k in range(7):
        t = k / 6.0
        a, b, c = (1.0 - t) * (1.0 - t), 2.0 * t * (1.0 - t), t * t
        line.append((a * start[0] + b * middle[0] + c * end[0], a * start[1] + b * middle[1] + c * end[1]))
    line[-1] = end
    return line


def build(network):
    """All motorway lines: list of (name, plane positions), every one one-way along its line; and the road cells used.

    Each motorway ends on an ordinary road at both ends, where traffic turns into the other carriageway.
    """
    near, lines, used = NearRoads(network), [], []
    for number, waypoints in MOTORWAYS:
        points, first, last = centreline(network, waypoints, near)
        used += [first, last]
        place = network.grid.place
        out = [points[0]] + beside(points, HALF_GAP)[1:-1] + [points[-1]]
        back = [points[0]] + beside(points, -HALF_GAP)[1:-1] + [points[-1]]
        cuts = set()
        for i, cell in interchanges(points, waypoints, near):
            used.append(cell)
            junction = place[cell]
            ahead = (out[i + 1][0] - out[i - 1][0], out[i + 1][1] - out[i - 1][1])
            behind = (-ahead[0], -ahead[1])
            name = f"M-{number} ramp synthetic"
            lines.append((name, ramp(out[i - 2], junction, ahead)))
            lines.append((name, ramp(out[i + 2], junction, behind)[::-1]))
            lines.append((name, ramp(back[i + 2], junction, behind)))
            lines.append((name, ramp(back[i - 2], junction, ahead)[::-1]))
            cuts.update((i - 2, i + 2))
        for part in split(out, cuts) + split(back[::-1], {len(back) - 1 - c for c in cuts}):
            lines.append((f"M-{number} synthetic", part))
    return lines, sorted(set(used))


def split(points, cuts):
    """The line cut at the given indices; the parts share the vertex of the cut."""
    marks = [0] + sorted(cuts) + [len(points) - 1]
    return [points[a:b + 1] for a, b in zip(marks, marks[1:]) if b > a]
