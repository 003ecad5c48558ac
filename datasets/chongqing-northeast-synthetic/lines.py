"""Lines: smoothing, and turning the network into one line from junction to junction."""

from grid import distance


def ease(points, times):
    """Draws each inner point halfway to the middle of its neighbours, `times` times; the ends stay."""
    for _ in range(times):
        points = [points[0]] + [((a[0] + c[0]) * 0.25 + b[0] * 0.5, (a[1] + c[1]) * 0.25 + b[1] * 0.5)
                                for a, b, c in zip(points, points[1:], points[2:])] + [points[-1]]
    return points


def cut_corners(points):
    """Chaikin's corner cutting, once; the ends stay and the number of points about doubles."""
    if len(points) < 3:
        return points
    line = [points[0]]
    for i, (a, b) in enumerate(zip(points, points[1:])):
        if i > 0:
            line.append((a[0] * 0.75 + b[0] * 0.25, a[1] * 0.75 + b[1] * 0.25))
        if i < len(points) - 2:
            line.append((a[0] * 0.25 + b[0] * 0.75, a[1] * 0.25 + b[1] * 0.75))
    line.append(points[-1])
    return line


def chains(network, keep):
    """Paths of cells between junctions: list of (class, route, cells), by class and then by cells.

    A path ends where roads meet, where class or route changes, at a dead end and at the cells of `keep`.
    """
    edges = network.edges

    def ends_at(cell):
        around = list(edges[cell].values())
        return len(around) != 2 or around[0] != around[1] or cell in keep

    seen, found = set(), []
    starts = [c for c in sorted(edges) if ends_at(c)]
    for start in starts + sorted(edges):  # the second round finds rings without any junction
        for first in sorted(edges[start]):
            if (start, first) in seen:
                continue
            path = [start, first]
            seen.update(((start, first), (first, start)))
            while not ends_at(path[-1]) and path[-1] != start:
                following = [c for c in edges[path[-1]] if c != path[-2]][0]
                seen.update(((path[-1], following), (following, path[-1])))
                path.append(following)
            found.append((*edges[start][first], path))
    return sorted(found)


def line_m(points):
    """Length of a line of plane positions, metres."""
    total = 0.0
    for a, b in zip(points, points[1:]):
        total += distance(a, b)
    return total
