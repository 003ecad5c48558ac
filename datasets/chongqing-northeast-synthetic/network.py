"""The road network while it grows: edges between neighbouring cells, and least-cost search over slope."""

from heapq import heappop, heappush
from math import sqrt

# Classes from the most to the least important; an edge keeps the best it was given.
CLASSES = ["motorway", "trunk", "primary", "secondary", "tertiary", "local"]
TRUNK, PRIMARY, SECONDARY, TERTIARY, LOCAL = 1, 2, 3, 4, 5


class Network:
    """Edges between cells: `edges[cell][neighbour] = [class, route number]`, the same list in both directions."""

    def __init__(self, grid, terrain):
        self.grid, self.terrain = grid, terrain
        self.edges = {}

    def add_path(self, path, road_class, route):
        """Adds the edges of a path of cells; an edge that is there already keeps the better class."""
        for a, b in zip(path, path[1:]):
            edge = self.edges.get(a, {}).get(b)
            if edge is None:
                edge = [road_class, route]
                self.edges.setdefault(a, {})[b] = edge
                self.edges.setdefault(b, {})[a] = edge
            elif road_class < edge[0]:
                edge[0], edge[1] = road_class, route

    def length_m(self):
        """Length of all edges on the bent plane, metres."""
        place, total = self.grid.place, 0.0
        for a in sorted(self.edges):
            for b in self.edges[a]:
                if a < b:
                    dx, dy = place[a][0] - place[b][0], place[a][1] - place[b][1]
                    total += sqrt(dx * dx + dy * dy)
        return total

    def route(self, start, goal=None, reuse=0.4, bridge_m=5000.0, limit=10**9, avoid=()):
        """Least-cost path of cells from a cell to a goal, or without a goal to the nearest cell that has a road.

        A metre costs 0.8 to 1.9 on the flat, 1.6 more at 10 % slope, 6.4 more at 20 %; along a road that is there it costs
        `reuse`. `bridge_m` is the price of a new river crossing, in metres. Costs are whole numbers, ties go to the
        lower cell number. Returns None when nothing is reached within `limit`.
        """
        moves, inside = self.grid.moves, self.grid.inside
        height, rough, river = self.terrain.height, self.terrain.rough, self.terrain.river
        edges, empty = self.edges, {}
        best, parent, done = {start: 0}, {start: -1}, set(avoid)
        heap = [(0, start)]
        while heap:
            cost, cell = heappop(heap)
            if cell in done:
                continue
            done.add(cell)
            if cell == goal or (goal is None and cell in edges and cell != start):
                path = [cell]
                while parent[cell] >= 0:
                    cell = parent[cell]
                    path.append(cell)
                return path[::-1]
            if cost > limit:
                return None
            roads, here, wet = edges.get(cell, empty), height[cell], river[cell]
            for step, length, beside, ahead in moves:
                other = cell + step
                if not inside[other] or other in done:
                    continue
                if other in roads:
                    total = cost + int(length * reuse)
                else:
                    if beside and cell + ahead in edges.get(cell + beside, empty):
                        continue  # another road takes the other diagonal; crossing it would need a shared vertex
                    slope = (height[other] - here) / length
                    total = cost + int(length * (rough[other] + 160.0 * slope * slope))
                    if river[other] and not wet:
                        total += int(bridge_m)
                if total < best.get(other, 10**12):
                    best[other] = total
                    parent[other] = cell
                    heappush(heap, (total, other))
        return None

    def usage(self, sources, ends):
        """How many of `ends` reach the nearest of `sources` over each edge; {(low, high): count}."""
        best, parent = {}, {}
        heap = [(0, s, -1) for s in sources]
        grid = self.grid
        while heap:
            cost, cell, origin = heappop(heap)
            if cell in best:
                continue
            best[cell], parent[cell] = cost, origin
            for other in self.edges.get(cell, {}):
                if other not in best:
                    dx = grid.place[cell][0] - grid.place[other][0]
                    dy = grid.place[cell][1] - grid.place[other][1]
                    heappush(heap, (cost + int(abs(dx) + abs(dy)), other, cell))
        count = {}
        for end in ends:
            cell = end
            while cell in parent and parent[cell] >= 0:
                key = (min(cell, parent[cell]), max(cell, parent[cell]))
                count[key] = count.get(key, 0) + 1
                cell = parent[cell]
        return count

    def pieces(self):
        """Connected pieces as lists of cells, the largest first."""
        seen, pieces = set(), []
        for start in sorted(self.edges):
            if start in seen:
                continue
            seen.add(start)
            piece, stack = [start], [start]
            while stack:
                for other in self.edges[stack.pop()]:
                    if other not in seen:
                        seen.add(other)
                        piece.append(other)
                        stack.append(other)
            pieces.append(piece)
        return sorted(pieces, key=lambda p: (-len(p), p[0]))
