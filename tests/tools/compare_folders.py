#!/usr/bin/env python3
"""Compares two finished folders: what OLD has must be in NEW, byte for byte, once columns that only NEW has are dropped.

    tests/tools/compare_folders.py OLD NEW [--order-free] [--ignore TABLE.COLUMN]... [--only TABLE]... [--most N]
    tests/tools/compare_folders.py --self-test

Every table (CSV), layer (GeoJSON) and layer or table of a GeoPackage of OLD is looked for in NEW: the same columns in the same order
among themselves, the same rows in the same order, the same text of every value. Columns, rows of header and files that only NEW has are no
difference; they are listed at the end. Not looked at: manifest.json, dictionary.csv, pages and pictures (html, svg), columns of
fingerprints in shards.csv, the version in the head of a layer, and of a GeoPackage styles and descriptions.

--order-free    rows as a set (with how often each is there), not in their order
--ignore T.C    not this column of this table; T is the file's name without its ending, or the layer's name; * and ? may stand in both
--only T        these tables only
--most N        differences shown of each table [20]

Exit code 0 when nothing differs, 1 when something does, 2 when a folder cannot be read.
"""
import argparse
import collections
import fnmatch
import hashlib
import json
import os
import sqlite3
import sys
import tempfile
from itertools import zip_longest
from urllib.parse import quote

EXEMPT = {"manifest.json", "dictionary.csv"}
PAGES = (".html", ".svg")
FINGERPRINTS = "_sha256"


class Report:
    def __init__(self, most):
        self.most, self.count, self.shown = most, 0, collections.Counter()
        self.new, self.compared = [], []

    def differs(self, table, what):
        self.count += 1
        self.shown[table] += 1
        if self.shown[table] <= self.most:
            print(f"DIFFERS  {table}: {what}")

    def close(self):
        for table, n in self.shown.items():
            if n > self.most:
                print(f"DIFFERS  {table}: {n - self.most} more")
        for line in self.new:
            print(f"new      {line}")
        print(f"{len(self.compared)} tables and layers compared: {', '.join(self.compared)}")
        print(f"{self.count} differences" if self.count else "nothing differs")
        return 1 if self.count else 0


class Asked:
    def __init__(self, args):
        self.order_free, self.only = args.order_free, args.only or []
        self.ignored = [tuple(i.split(".", 1)) for i in args.ignore or []]

    def table(self, name):
        return not self.only or any(fnmatch.fnmatch(name, o) for o in self.only)

    def column(self, table, column):
        if table == "shards" and column.endswith(FINGERPRINTS):
            return False
        return not any(fnmatch.fnmatch(table, t) and fnmatch.fnmatch(column, c) for t, c in self.ignored)


# --- a table in any form: its columns, and its rows as lists of texts that are equal where the bytes are


def records(path):
    """Records of a CSV file as lists of raw cells, quotes and all; the line break is the last cell's."""
    with open(path, "rb") as f:
        held = b""
        for line in f:
            held += line
            if held.count(b'"') % 2 == 0:
                yield cells(held)
                held = b""
        if held:
            yield cells(held)


def cells(record):
    body = record.rstrip(b"\r\n")
    if b'"' not in body:
        out = body.split(b",")
    else:
        out, held = [], None
        for piece in body.split(b","):
            held = piece if held is None else held + b"," + piece
            if held.count(b'"') % 2 == 0:
                out.append(held)
                held = None
        if held is not None:
            out.append(held)
    return out, record[len(body):]


class Csv:
    def __init__(self, path):
        self.path = path
        head, end = next(records(path), ([], b""))
        self.columns = [c.decode("utf-8", "replace") for c in head]
        self.about = {"line break": end}

    def rows(self, which):
        at = [self.columns.index(c) for c in which]
        rows = records(self.path)
        next(rows, None)
        for row, end in rows:
            short = len(row) != len(self.columns)
            yield [row[i] if i < len(row) else b"(no cell)" for i in at] + ([b"%d cells" % len(row)] if short else []) + [end]


class Number(str):
    """A number as it is written: 1.0 is not 1."""

    def __eq__(self, other):
        return isinstance(other, Number) and str.__eq__(self, other)

    def __ne__(self, other):
        return not self == other

    __hash__ = str.__hash__

    def __repr__(self):
        return str(self)


def parsed(text):
    return json.loads(text, parse_float=Number, parse_int=Number, parse_constant=Number, object_pairs_hook=Members)


class Members(list):
    """The members of an object, in their order."""

    def get(self, name, default=None):
        return next((v for k, v in self if k == name), default)


class GeoJson:
    """A layer as chargegap writes it, a feature a line; other forms are read as a whole."""

    def __init__(self, path):
        self.path, self.whole = path, None
        with open(path, encoding="utf-8") as f:
            head = f.readline().rstrip("\n")
        if head.endswith('"features":['):
            members = parsed(head + "]}")
        else:
            with open(path, encoding="utf-8") as f:
                members = parsed(f.read())
            self.whole = members.get("features", [])
        self.about = {k: v for k, v in members if k not in ("features", "chargegap")}
        self.columns = []
        for feature in self.features():
            for key, _ in feature.get("properties") or []:
                if key not in self.columns:
                    self.columns.append(key)
            break  # every feature has the same, which `rows` checks

    def features(self):
        if self.whole is not None:
            yield from self.whole
            return
        with open(self.path, encoding="utf-8") as f:
            next(f)
            for line in f:
                line = line.rstrip("\r\n")
                if line.startswith("]"):
                    return
                yield parsed(line.removesuffix(","))

    def rows(self, which):
        wanted, own = set(which), set(self.columns)
        for feature in self.features():
            properties = feature.get("properties") or []
            odd = [k for k, _ in properties if k not in own]
            mine = [v for k, v in properties if k in wanted]
            names = [k for k, _ in properties if k in wanted]
            rest = [m for m in feature if m[0] != "properties"]
            if names == which and not odd:
                yield mine + [rest]
            else:
                yield [dict(properties).get(c, "(no value)") for c in which] + [rest, names, odd]


class GeoTable:
    """A layer or table of a GeoPackage, in the order of its numbers."""

    def __init__(self, path, name):
        self.db, self.name = opened(path), name
        info = self.db.execute(f"PRAGMA table_info({quoted(name)})").fetchall()
        self.columns = [row[1] for row in info]
        of = lambda sql: self.db.execute(sql, (name,)).fetchall()
        self.about = {
            "contents": of("SELECT data_type, min_x, min_y, max_x, max_y, srs_id FROM gpkg_contents WHERE table_name = ?"),
            "geometry": of("SELECT column_name, geometry_type_name, srs_id, z, m FROM gpkg_geometry_columns WHERE table_name = ?"),
        }
        self.about.update({f"type of {row[1]}": row[2] for row in info})

    def rows(self, which):
        if which:
            yield from map(list, self.db.execute(f"SELECT {', '.join(map(quoted, which))} FROM {quoted(self.name)} ORDER BY rowid"))


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def opened(path):
    return sqlite3.connect(f"file:{quote(os.path.abspath(path))}?mode=ro&immutable=1", uri=True)


def layers_of(path):
    names = opened(path).execute("SELECT table_name FROM gpkg_contents ORDER BY rowid").fetchall()
    return [n for (n,) in names if n != "layer_styles"]


# --- the comparison


def compare(label, name, old, new, asked, report):
    """Two tables in the same form."""
    report.compared.append(label)
    kept = [c for c in old.columns if asked.column(name, c)]
    there = [c for c in kept if c in set(new.columns)]
    for column in kept:
        if column not in there:
            report.differs(label, f"column {column} is gone")
    if [c for c in new.columns if c in set(there)] != there:
        report.differs(label, "columns stand in another order")
    added = [c for c in new.columns if c not in set(old.columns)]
    if added:
        report.new.append(f"{label}: {', '.join(added)}")
    for key, value in old.about.items():
        if key.startswith("type of ") and key.removeprefix("type of ") not in there:
            continue
        if new.about.get(key) != value:
            report.differs(label, f"{key}: {shown(value)} is now {shown(new.about.get(key))}")
    if asked.order_free:
        as_sets(label, there, old, new, report)
    else:
        in_order(label, there, old, new, report)


def in_order(label, columns, old, new, report):
    nothing = object()
    for n, (a, b) in enumerate(zip_longest(old.rows(columns), new.rows(columns), fillvalue=nothing), 1):
        if a is nothing or b is nothing:
            which, rest = ("OLD", a) if b is nothing else ("NEW", b)
            report.differs(label, f"from row {n} on only {which} has rows: {shown(rest)}")
            return
        if a == b:
            continue
        at = [i for i in range(max(len(a), len(b))) if a[i:i + 1] != b[i:i + 1]]
        for i in at:
            what = columns[i] if i < len(columns) else "the rest"
            first = f" ({shown(a[0])})" if i and a[:1] == b[:1] and columns else ""
            report.differs(label, f"row {n}{first}, {what}: {shown(a[i:i + 1])} is now {shown(b[i:i + 1])}")


def as_sets(label, columns, old, new, report):
    def counted(table):
        count, example = collections.Counter(), {}
        for row in table.rows(columns):
            key = hashlib.sha256(repr(row).encode()).digest()
            count[key] += 1
            example.setdefault(key, shown(row))
        return count, example

    (a, in_old), (b, in_new) = counted(old), counted(new)
    for key, n in (a - b).items():
        report.differs(label, f"only OLD has this row{f' ({n} times more)' if n > 1 else ''}: {in_old[key]}")
    for key, n in (b - a).items():
        report.differs(label, f"only NEW has this row{f' ({n} times more)' if n > 1 else ''}: {in_new[key]}")


def shown(value):
    if isinstance(value, list) and not isinstance(value, Members):
        text = ", ".join(map(shown, value)) if value else "nothing"
    else:
        text = value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else repr(value)
    return text if len(text) <= 300 else text[:297] + "..."


def files_of(folder):
    out = []
    for at, _, names in os.walk(folder):
        out += [os.path.relpath(os.path.join(at, n), folder).replace(os.sep, "/") for n in names]
    return sorted(out)


def same_bytes(a, b, behind_head=False):
    with open(a, "rb") as f, open(b, "rb") as g:
        if behind_head:  # which has the version
            f.readline(), g.readline()
        while True:
            x, y = f.read(1 << 20), g.read(1 << 20)
            if x != y:
                return False
            if not x:
                return True


def compare_folders(old, new, asked, report):
    there = files_of(new)
    for name in files_of(old):
        stem, ending = os.path.splitext(name)
        if name in EXEMPT or ending in PAGES or (ending != ".gpkg" and not asked.table(stem)):
            continue
        if name not in there:
            report.differs(name, "the file is gone")
            continue
        a, b = os.path.join(old, name), os.path.join(new, name)
        if ending == ".gpkg":
            known = layers_of(b)
            for layer in filter(asked.table, layers_of(a)):
                if layer in known:
                    compare(f"{name}/{layer}", layer, GeoTable(a, layer), GeoTable(b, layer), asked, report)
                else:
                    report.differs(f"{name}/{layer}", "the layer is gone")
            report.new += [f"{name}/{layer}" for layer in known if layer not in layers_of(a)]
        elif ending in (".csv", ".geojson"):
            form = Csv if ending == ".csv" else GeoJson
            x, y = form(a), form(b)
            before = report.count
            compare(name, stem, x, y, asked, report)
            # The values are the same; then so must be all that is between them, unless something was dropped.
            dropped = asked.order_free or any(not asked.column(stem, c) for c in x.columns) or x.columns != y.columns
            if not dropped and report.count == before and not same_bytes(a, b, behind_head=ending == ".geojson"):
                report.differs(name, "the values are the same, and other bytes between them differ")
        elif not same_bytes(a, b):
            report.differs(name, "other bytes")
        else:
            report.compared.append(name)
    report.new += [n for n in there if n not in set(files_of(old)) and not n.endswith(PAGES)]


# --- does it find what it is for?


def self_test():
    import contextlib
    import io

    def put(folder, name, text):
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8", newline="") as f:
            f.write(text)

    def package(folder, rows, extra=""):
        path = os.path.join(folder, "round.gpkg")
        if os.path.exists(path):
            os.remove(path)
        db = sqlite3.connect(path)
        db.executescript(
            "CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT, min_x, min_y, max_x, max_y, srs_id, last_change);"
            "CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name, geometry_type_name, srs_id, z, m);"
            "INSERT INTO gpkg_contents VALUES ('gaps', 'features', 0, 0, 1, 1, 4326, '" + folder + "');"
            f"CREATE TABLE gaps (fid INTEGER PRIMARY KEY, geom BLOB, km REAL{extra})")
        for row in rows:
            db.execute(f"INSERT INTO gaps VALUES ({', '.join('?' * len(row))})", row)
        db.commit()
        db.close()

    head = '{"type":"FeatureCollection","name":"gaps","chargegap":{"version":"%s"},"features":[\n'
    feature = '{"type":"Feature","id":"%s","properties":{%s},"geometry":{"type":"Point","coordinates":[1.50,2]}}'
    layer = lambda version, rows: head % version + ",\n".join(feature % r for r in rows) + "\n]}\n"

    with tempfile.TemporaryDirectory() as top:
        old, new = os.path.join(top, "old"), os.path.join(top, "new")

        def fresh():
            for folder, version in ((old, 1), (new, 2)):
                put(folder, "manifest.json", f"{version}")
                put(folder, "report.html", f"{version}")
                put(folder, "shards.csv", f"county_code,rows_sha256\n01,{version}{version}\n")
                put(folder, "ranking.csv", 'rank,code,name\n1,01,"A, ""x"""\n2,02,"B\nb"\n')
                put(folder, "counties/1.csv", "a\n1\n")
                put(folder, "gaps.geojson", layer(version, [("g1", '"km":1.0,"n":null'), ("g2", '"km":2.5,"n":"x"')]))
                package(folder, [(1, b"p", 1.0), (2, b"q", 2.5)])

        def run(*more):
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                code = main([old, new, *more])
            return code, out.getvalue()

        def expect(good, word, *more):
            code, out = run(*more)
            assert (code == 0) == good and word in out, (code, word, out)

        fresh()
        expect(True, "nothing differs")
        # columns, layers, files that only NEW has are dropped, wherever they stand
        put(new, "ranking.csv", 'rank,more,code,name\n1,9,01,"A, ""x"""\n2,9,02,"B\nb"\n')
        put(new, "gaps.geojson", layer(2, [("g1", '"more":{"a":[1]},"km":1.0,"n":null'), ("g2", '"more":2,"km":2.5,"n":"x"')]))
        put(new, "more.csv", "a\n")
        package(new, [(1, b"p", 1.0, 5), (2, b"q", 2.5, 6)], ", more INTEGER")
        expect(True, "ranking.csv: more")
        for name, text, word in [
            # a quote more is another byte; a number is what is written; a row, a column, their order
            ("ranking.csv", 'rank,code,name\n1,01,"A, ""x"""\n2,02,"B\nc"\n', "row 2 (2), name"),
            ("ranking.csv", 'rank,code,name\n1,"01","A, ""x"""\n2,02,"B\nb"\n', "row 1 (1), code"),
            ("ranking.csv", 'rank,code,name\r\n1,01,"A, ""x"""\r\n2,02,"B\nb"\r\n', "line break"),
            ("ranking.csv", 'rank,code,name\n1,01,"A, ""x"""\n', "from row 2 on only OLD has rows"),
            ("ranking.csv", 'rank,code,name\n1,01,"A, ""x"""\n2,02,"B\nb"\n3,,\n', "from row 3 on only NEW has rows"),
            ("ranking.csv", 'rank,name\n1,"A, ""x"""\n2,"B\nb"\n', "column code is gone"),
            ("ranking.csv", 'code,rank,name\n01,1,"A, ""x"""\n02,2,"B\nb"\n', "another order"),
            ("counties/1.csv", "a\n2\n", "counties/1.csv"),
            ("shards.csv", "county_code,rows_sha256\n02,1\n", "row 1, county_code"),
            ("gaps.geojson", layer(1, [("g1", '"km":1,"n":null'), ("g2", '"km":2.5,"n":"x"')]), "row 1, km"),
            ("gaps.geojson", layer(1, [("g1", '"km":1.0,"n":"null"'), ("g2", '"km":2.5,"n":"x"')]), "n: None is now 'null'"),
            ("gaps.geojson", layer(1, [("g9", '"km":1.0,"n":null'), ("g2", '"km":2.5,"n":"x"')]), "the rest"),
            ("gaps.geojson", layer(1, [("g1", '"km":1.0,"n":null'), ("g2", '"km":2.5')]), "row 2"),
            ("gaps.geojson", layer(1, [("g1", '"km":1.0,"n":null'), ("g2", '"km":2.5,"n":"x"')]).replace("1.50", "1.5"), "the rest"),
            ("gaps.geojson", layer(1, [("g1", '"km":1.0,"n":null'), ("g2", '"km":2.5,"n":"\\u0078"')]), "other bytes between"),
        ]:
            fresh()
            put(new, name, text)
            expect(False, word)
        for rows in [[(1, b"p", 1.0), (2, b"z", 2.5)], [(1, b"p", 1.5), (2, b"q", 2.5)], [(1, b"p", 1.0)], [(2, b"p", 1.0), (3, b"q", 2.5)]]:
            fresh()
            package(new, rows)
            expect(False, "round.gpkg/gaps")
        fresh()
        os.remove(os.path.join(new, "ranking.csv"))
        expect(False, "the file is gone")
        expect(True, "nothing differs", "--only", "gaps")
        # order, and what is ignored
        fresh()
        put(new, "ranking.csv", 'rank,code,name\n2,02,"B\nb"\n1,01,"A, ""x"""\n')
        expect(False, "DIFFERS")
        expect(True, "nothing differs", "--order-free")
        put(new, "ranking.csv", 'rank,code,name\n2,02,"B\nb"\n1,01,"A, ""x"""\n1,01,"A, ""x"""\n')
        expect(False, "only NEW has this row", "--order-free")
        put(new, "ranking.csv", 'rank,code,name\n3,01,"A, ""x"""\n4,02,"B\nb"\n')
        expect(True, "nothing differs", "--ignore", "rank*.rank")
        expect(False, "more", "--most", "1")
    print("compare_folders.py: good")


def main(args=None):
    if (sys.argv[1:] if args is None else args) == ["--self-test"]:
        return self_test()
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--order-free", action="store_true")
    parser.add_argument("--ignore", action="append", metavar="TABLE.COLUMN")
    parser.add_argument("--only", action="append", metavar="TABLE")
    parser.add_argument("--most", type=int, default=20)
    args = parser.parse_args(args)
    for i in args.ignore or []:
        if "." not in i:
            parser.error(f"--ignore {i}: write it as TABLE.COLUMN")
    for folder in (args.old, args.new):
        if not os.path.isfile(os.path.join(folder, "manifest.json")):
            print(f"{folder} is no finished folder: it has no manifest.json", file=sys.stderr)
            return 2
    report = Report(args.most)
    compare_folders(args.old, args.new, Asked(args), report)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
