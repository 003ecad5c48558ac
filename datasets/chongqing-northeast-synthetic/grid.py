"""The grid on which roads are routed: 300 m cells on a gently bent plane, and distances on it.

Plane coordinates are metres east and north of the south-west corner. Only exact arithmetic (no sine, no power) is used,
so every machine computes the same bytes.
"""

from math import sqrt

from real_layers import inside_shape

# South-west and north-east corner of the grid, degrees; the twelve counties plus a margin.
WEST, SOUTH, EAST, NORTH = 107.18, 29.50, 110.24, 32.26
# Metres a degree at 30.9 N on the GRS80 ellipsoid.
M_PER_LON, M_PER_LAT = 95600.0, 110870.0
# Cell size, metres.
CELL = 300.0


def to_plane(lon, lat):
    """Metres east and north of the corner."""
    return (lon - WEST) * M_PER_LON, (lat - SOUTH) * M_PER_LAT


def to_lonlat(x, y):
    """Degrees, 6 decimals, from metres."""
    return round(WEST + x / M_PER_LON, 6), round(SOUTH + y / M_PER_LAT, 6)


def distance(a, b):
    """Metres between two plane positions."""
    dx, dy = a[0] - b[0], a[1] - b[1]
    return sqrt(dx * dx + dy * dy)


class ValueNoise:
    """Smooth random field between -1 and 1 on a lattice of a given wavelength."""

    def __init__(self, rng, wavelength_m, width_m, height_m):
        self.step = wavelength_m
        self.columns = int(width_m / wavelength_m) + 3
        rows = int(height_m / wavelength_m) + 3
        self.value = [rng.random() * 2.0 - 1.0 for _ in range(self.columns * rows)]

    def at(self, x, y):
        """The field at a plane position, metres; positions left of or below the corner count as on the edge."""
        u, v = max(0.0, x) / self.step, max(0.0, y) / self.step
        i, j = int(u), int(v)
        u, v = u - i, v - j
        u, v = u * u * (3.0 - 2.0 * u), v * v * (3.0 - 2.0 * v)
        k = j * self.columns + i
        value, n = self.value, self.columns
        low = value[k] + (value[k + 1] - value[k]) * u
        high = value[k + n] + (value[k + n + 1] - value[k + n]) * u
        return low + (high - low) * v


class Grid:
    """Cells numbered row by row from the south-west; each has a position on the bent plane."""

    def __init__(self, rng):
        self.width_m, self.height_m = (EAST - WEST) * M_PER_LON, (NORTH - SOUTH) * M_PER_LAT
        self.columns, self.rows = int(self.width_m / CELL), int(self.height_m / CELL)
        self.count = self.columns * self.rows
        n = self.columns
        diagonal = CELL * sqrt(2.0)
        # (step in cell number, length in metres, the two cells beside a diagonal step or 0)
        self.moves = [(1, CELL, 0, 0), (-1, CELL, 0, 0), (n, CELL, 0, 0), (-n, CELL, 0, 0),
                      (n + 1, diagonal, 1, n), (n - 1, diagonal, -1, n),
                      (-n + 1, diagonal, 1, -n), (-n - 1, diagonal, -1, -n)]
        self.place = self._bent_positions(rng)
        self.inside = bytearray(self.count)
        self.county = [-1] * self.count

    def _bent_positions(self, rng):
        """Plane position of each cell: the square lattice, bent smoothly over kilometres and jittered by up to 60 m.

        The bending hides the eight directions of the lattice; neighbours never change sides, so roads along cell
        neighbours cross only where they share a cell.
        """
        size = (self.width_m, self.height_m)
        fields = [(amount, ValueNoise(rng, wave, *size), ValueNoise(rng, wave, *size))
                  for wave, amount in ((9000.0, 900.0), (4000.0, 320.0), (1900.0, 130.0))]
        jitter = rng.random
        place = []
        for j in range(self.rows):
            for i in range(self.columns):
                x, y = (i + 0.5) * CELL, (j + 0.5) * CELL
                bx, by = x, y
                for amount, east, north in fields:
                    bx += amount * east.at(x, y)
                    by += amount * north.at(x, y)
                place.append((bx + (jitter() - 0.5) * 120.0, by + (jitter() - 0.5) * 120.0))
        return place

    def mark_counties(self, counties):
        """Marks the cells inside the counties; `counties` is a list of polygons lists in degrees."""
        n = self.columns
        for index, polygons in enumerate(counties):
            lons = [p[0] for rings in polygons for p in rings[0]]
            lats = [p[1] for rings in polygons for p in rings[0]]
            low, high = to_plane(min(lons), min(lats)), to_plane(max(lons), max(lats))
            plane = [[[to_plane(*p) for p in ring] for ring in rings] for rings in polygons]
            self._scan(plane, index, low, high, n)

    def _scan(self, plane, index, low, high, n):
        """Marks the cells of one county; only the border edges near a row are tested."""
        first_i, last_i = max(1, int(low[0] / CELL) - 6), min(n - 2, int(high[0] / CELL) + 6)
        first_j, last_j = max(1, int(low[1] / CELL) - 6), min(self.rows - 2, int(high[1] / CELL) + 6)
        edges = [(a, b) for rings in plane for ring in rings for a, b in zip(ring, ring[1:])]
        for j in range(first_j, last_j + 1):
            y_mid = (j + 0.5) * CELL
            # Bent cells of this row lie within 1.6 km of its middle; keep the edges that can matter.
            near = [(a, b) for a, b in edges if min(a[1], b[1]) - 1600.0 < y_mid < max(a[1], b[1]) + 1600.0]
            for i in range(first_i, last_i + 1):
                cell = j * n + i
                x, y = self.place[cell]
                inside = False
                for (x0, y0), (x1, y1) in near:
                    if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
                        inside = not inside
                if inside:
                    self.inside[cell] = 1
                    self.county[cell] = index

    def nearest_cell(self, position, taken=()):
        """The cell inside the counties that lies nearest to a plane position and is not taken."""
        ci, cj = int(position[0] / CELL), int(position[1] / CELL)
        best, best_m = -1, 1e12
        for j in range(max(1, cj - 9), min(self.rows - 1, cj + 10)):
            for i in range(max(1, ci - 9), min(self.columns - 1, ci + 10)):
                cell = j * self.columns + i
                if self.inside[cell] and cell not in taken:
                    metres = distance(self.place[cell], position)
                    if metres < best_m:
                        best, best_m = cell, metres
        if best < 0:
            raise SystemExit(f"no cell inside the counties near {to_lonlat(*position)}; is counties.geojson complete?")
        return best

    def spread(self, cells):
        """Distance of every cell to the nearest of the given cells, metres along the lattice (two sweeps)."""
        n, far = self.columns, 1e9
        away = [far] * self.count
        for cell in cells:
            away[cell] = 0.0
        side, corner = CELL, CELL * sqrt(2.0)
        for order, sign in ((range(n + 1, self.count - n - 1), 1), (range(self.count - n - 2, n, -1), -1)):
            a, b, c, d = -sign, -sign * n, -sign * (n + 1), -sign * (n - 1)
            for cell in order:
                best = away[cell]
                best = min(best, away[cell + a] + side, away[cell + b] + side,
                           away[cell + c] + corner, away[cell + d] + corner)
                away[cell] = best
        return away


def county_at(lon, lat, counties):
    """Index of the county that holds a position, or -1."""
    for index, polygons in enumerate(counties):
        if inside_shape(lon, lat, polygons):
            return index
    return -1
