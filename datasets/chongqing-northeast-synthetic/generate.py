#!/usr/bin/env python3
"""Generates the synthetic roads and stations of this folder; Python 3.11, standard library only.

    python3 generate.py [--inputs FOLDER] [--out FOLDER] [--seed NUMBER]

Reads `counties.geojson` and `township-seats.csv` (real; from beside this file unless told otherwise) and writes `roads-synthetic.geojson` and
`stations-synthetic.csv`. The same seed gives the same bytes on every run. Takes about half a minute.
"""

import argparse
import csv
import json
import random
import sys
import time
from pathlib import Path

import lines
import motorways
import roads
import stations
from grid import Grid, to_lonlat, to_plane
from network import CLASSES, PRIMARY, Network
from real_layers import csv_text
from terrain import Terrain

HERE = Path(__file__).resolve().parent
SEED = 20261123
# Letter of the route numbers by class, as on Chinese signs: national, provincial, county, township, village.
LETTER = {1: "G", 2: "S", 3: "X", 4: "Y", 5: "C"}


def read_counties(path):
    """List of (code, name, polygons) in the order of the file, degrees."""
    with open(path, encoding="utf-8") as file:
        features = json.load(file)["features"]
    counties = []
    for feature in features:
        geometry = feature["geometry"]
        shapes = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        counties.append((feature["properties"]["code"], feature["properties"]["name"], shapes))
    return counties


def read_seats(path):
    """Rows of the seats as dictionaries."""
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def place_seats(grid, seats):
    """Gives each seat the nearest free cell and moves that cell onto the seat; {cell: row}."""
    by_cell = {}
    for seat in seats:
        position = to_plane(float(seat["lon"]), float(seat["lat"]))
        cell = grid.nearest_cell(position, by_cell)
        grid.place[cell] = position
        by_cell[cell] = seat
    return by_cell


def county_seats(by_cell, counties):
    """The cell of each county's seat by county name: the highest order of place there, the larger if there are two."""
    names = {code: name for code, name, _ in counties}
    chosen = {}
    for cell in sorted(by_cell):
        seat = by_cell[cell]
        rank = (seat["kind"], -int(seat["population"] or 0))
        name = names[seat["county_code"]]
        if name not in chosen or rank < chosen[name][0]:
            chosen[name] = (rank, cell)
    return {name: cell for name, (_, cell) in chosen.items()}


def road_features(network, motorway_lines, keep):
    """All roads as (class name, road name, one-way, plane positions), the most important first."""
    features = [("motorway", name, True, points) for name, points in motorway_lines]
    place = network.grid.place
    for road_class, route, path in lines.chains(network, keep):
        points = lines.cut_corners(lines.ease([place[c] for c in path], 1))
        if road_class <= PRIMARY:
            points = lines.cut_corners(points)
        features.append((CLASSES[road_class], f"{LETTER[road_class]}-{route} synthetic", False, points))
    return features


def roads_text(features):
    """The text of `roads-synthetic.geojson`, one feature a line, 6 decimals."""
    rows = []
    for number, (road_class, name, oneway, points) in enumerate(features, 1):
        shown = []
        for x, y in points:
            lon, lat = to_lonlat(x, y)
            text = f"[{lon:.6f},{lat:.6f}]"
            if not shown or shown[-1] != text:
                shown.append(text)
        if len(shown) < 2:
            raise SystemExit(f"road {number} ({name}) has one vertex only; the generator is at fault")
        properties = (f'{{"id":"R{number:05d}","name":"{name}","class":"{road_class}",'
                      f'"oneway":{"true" if oneway else "false"}}}')
        geometry = f'{{"type":"LineString","coordinates":[{",".join(shown)}]}}'
        rows.append(f'{{"type":"Feature","properties":{properties},"geometry":{geometry}}}')
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(rows) + "\n]}\n"


def generate(inputs, folder, seed, say):
    """Makes both files in `folder` from the real layers in `inputs`; `say` is told of progress."""
    counties = read_counties(inputs / "counties.geojson")
    seats = read_seats(inputs / "township-seats.csv")
    rng = random.Random(seed)
    say("grid and terrain")
    grid = Grid(rng)
    grid.mark_counties([polygons for _, _, polygons in counties])
    by_cell = place_seats(grid, seats)
    network = Network(grid, Terrain(grid, rng))
    seat_cell = county_seats(by_cell, counties)
    say("county links")
    roads.link_counties(network, seat_cell)
    say("township links")
    roads.link_townships(network, seat_cell.values(), by_cell, rng)
    say("motorways")
    motorway_lines, junctions = motorways.build(network)
    say("village roads")
    roads.add_streets(network, seat_cell.values(), rng)
    roads.add_villages(network, by_cell, rng)
    roads.join_pieces(network)
    roads.add_cut_off(network, rng)
    say("lines")
    features = road_features(network, motorway_lines, set(by_cell) | set(junctions))
    (folder / "roads-synthetic.geojson").write_text(roads_text(features), encoding="utf-8", newline="\n")
    say("stations")
    towns = [(seat, grid.place[cell], cell in seat_cell.values()) for cell, seat in sorted(by_cell.items())]
    rows = stations.build(features, counties, towns, random.Random(seed + 1))
    (folder / "stations-synthetic.csv").write_text(csv_text(stations.COLUMNS, rows), encoding="utf-8", newline="\n")
    say(f"done: {len(features)} roads, {len(rows)} stations")


def main():
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=Path, default=HERE, help="folder of the real layers (default: this folder)")
    parser.add_argument("--out", type=Path, default=HERE, help="folder for the two files (default: this folder)")
    parser.add_argument("--seed", type=int, default=SEED, help=f"seed of the generator (default {SEED})")
    options = parser.parse_args()
    for name in ("counties.geojson", "township-seats.csv"):
        if not (options.inputs / name).is_file():
            raise SystemExit(f"{options.inputs / name}: not there; run `python3 datasets/rebuild.py` or give --inputs")
    options.out.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    generate(options.inputs, options.out, options.seed,
             lambda what: print(f"{time.monotonic() - start:6.1f} s  {what}", file=sys.stderr))


if __name__ == "__main__":
    main()
