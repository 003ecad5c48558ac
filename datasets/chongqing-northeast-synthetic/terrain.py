"""A made-up height field: parallel ridges NE-SW, a high range in the north, a deep river valley, and noise.

It stands for the look of the eastern Sichuan folds, the Daba and Wu mountains and the Yangtze gorges; it is not
elevation data. Heights are metres.
"""

from grid import CELL, ValueNoise, distance, to_plane

# Schematic course of the Yangtze, degrees (drawn by hand to pass the riverside county seats; not survey data).
RIVER = [(107.30, 29.66), (107.55, 29.80), (107.73, 29.885), (107.85, 30.08), (108.01, 30.27), (108.16, 30.41),
         (108.30, 30.60), (108.405, 30.79), (108.52, 30.90), (108.70, 30.915), (108.92, 30.95), (109.18, 30.97),
         (109.47, 31.01), (109.66, 31.04), (109.88, 31.065), (110.03, 31.05), (110.23, 31.04)]


def smooth_step(value, low, high):
    """0 below `low`, 1 above `high`, smooth between."""
    t = min(1.0, max(0.0, (value - low) / (high - low)))
    return t * t * (3.0 - 2.0 * t)


def river_cells(grid, rng):
    """The cells of the river, side by side so that no diagonal step slips through."""
    size = (grid.width_m, grid.height_m)
    wobble = [(900.0, ValueNoise(rng, 7000.0, *size), ValueNoise(rng, 7000.0, *size))]
    cells, last = [], None
    points = [to_plane(*p) for p in RIVER]
    for a, b in zip(points, points[1:]):
        steps = int(distance(a, b) / 60.0) + 1
        for k in range(steps):
            x, y = a[0] + (b[0] - a[0]) * k / steps, a[1] + (b[1] - a[1]) * k / steps
            for amount, east, north in wobble:
                x, y = x + amount * east.at(x, y), y + amount * north.at(x, y)
            i, j = int(x / CELL), int(y / CELL)
            if not (1 <= i < grid.columns - 1 and 1 <= j < grid.rows - 1):
                continue
            cell = j * grid.columns + i
            if last is not None and cell != last[0]:
                if i != last[1] and j != last[2]:
                    cells.append(j * grid.columns + last[1])
                cells.append(cell)
            last = (cell, i, j)
    return sorted(set(cells))


class Terrain:
    """Heights, river and roughness of every cell."""

    def __init__(self, grid, rng):
        river = river_cells(grid, rng)
        self.river = bytearray(grid.count)
        for cell in river:
            self.river[cell] = 1
        self.height = self._heights(grid, rng, grid.spread(river))
        # What a kilometre costs besides slope: slides, rock, gullies.
        self.rough = [0.8 + 1.1 * rng.random() for _ in range(grid.count)]

    @staticmethod
    def _heights(grid, rng, to_river):
        """Height of every cell inside the counties, metres."""
        size = (grid.width_m, grid.height_m)
        octaves = [(amount, ValueNoise(rng, wave, *size))
                   for wave, amount in ((36000.0, 260.0), (17000.0, 170.0), (8000.0, 130.0), (3800.0, 130.0),
                                        (1700.0, 85.0), (900.0, 35.0))]
        bend, gaps = ValueNoise(rng, 45000.0, *size), ValueNoise(rng, 14000.0, *size)
        heights = [0.0] * grid.count
        for cell in range(grid.count):
            if not grid.inside[cell]:
                continue
            x, y = (cell % grid.columns + 0.5) * CELL, (cell // grid.columns + 0.5) * CELL
            noise = 0.0
            for amount, field in octaves:
                noise += amount * field.at(x, y)
            # Ridge lines: a wave across the NE-SW axis, bent, with passes where `gaps` is low.
            across = (0.62 * x - 0.78 * y + 9000.0 * bend.at(x, y) + 400000.0) / 16500.0
            crest = max(0.0, 1.0 - abs(across - int(across) - 0.5) / 0.3)
            folds = 620.0 * crest * (0.55 + 0.45 * gaps.at(x, y))
            # The high ranges: Daba in the north, Wu and Qiyao mountains in the east and south-east.
            north = 1250.0 * smooth_step(y, 175000.0, 262000.0)
            east = 650.0 * smooth_step(x, 165000.0, 262000.0)
            south = 520.0 * smooth_step(0.7 * x - y, -20000.0, 45000.0)
            land = 420.0 + noise + folds + north + east + south
            valley = 0.18 + 0.82 * smooth_step(to_river[cell], 0.0, 17000.0)
            heights[cell] = max(150.0, 150.0 + (land - 150.0) * valley)
        return heights
