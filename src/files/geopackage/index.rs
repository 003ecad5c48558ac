//! The spatial index of a layer: SQLite's R-tree, built from the leaves up, and the triggers that keep it right.
//!
//! Rows put into the R-tree one by one split its nodes again and again. All boxes are known here, so they are sorted along Hilbert's
//! curve, packed into full nodes, and the nodes written into the tables in which SQLite keeps them; the result is a file's content
//! like any other, and `rtreecheck` finds nothing.
//!
//! # References
//! I. Kamel and C. Faloutsos, "On packing R-trees", CIKM 1993. SQLite, "The SQLite R*Tree Module", 5.1 (shadow tables) and the comment
//! on the node format in `ext/rtree/rtree.c`. OGC 12-128r19, F.3.

use super::standard::{GEOMETRY, quoted};
use rusqlite::{Connection, params};

/// A row and its box; the numbers are rounded outwards, as SQLite rounds them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    /// The row, or a node.
    id: i64,
    /// x from, x to, y from, y to.
    sides: [f32; 4],
}

/// Bytes of an entry in a node: its id and four numbers.
const ENTRY: usize = 8 + 4 * 4;
/// Bytes in front of them: depth (in the root) and how many.
const HEAD: usize = 4;

impl Entry {
    /// Of west, south, east, north.
    pub(crate) fn new(id: i64, [west, south, east, north]: [f64; 4]) -> Self {
        Self { id, sides: [down(west), up(east), down(south), up(north)] }
    }

    /// Around some others.
    fn around(id: i64, entries: &[Self]) -> Self {
        let start = [f32::INFINITY, f32::NEG_INFINITY, f32::INFINITY, f32::NEG_INFINITY];
        let wider =
            |a: [f32; 4], e: &Self| [a[0].min(e.sides[0]), a[1].max(e.sides[1]), a[2].min(e.sides[2]), a[3].max(e.sides[3])];
        Self { id, sides: entries.iter().fold(start, wider) }
    }

    /// Where on the curve its middle lies. Rows in one place stay in their order.
    fn key(&self) -> (u64, i64) {
        let [x1, x2, y1, y2] = self.sides.map(f64::from);
        let whole = |middle: f64, half_range: f64| ((middle + half_range) / (2.0 * half_range) * f64::from(u32::MAX)) as u32;
        (fast_hilbert::xy2h(whole((x1 + x2) / 2.0, 180.0), whole((y1 + y2) / 2.0, 90.0), 32), self.id)
    }
}

fn down(v: f64) -> f32 {
    let near = v as f32;
    if f64::from(near) > v { near.next_down() } else { near }
}

fn up(v: f64) -> f32 {
    let near = v as f32;
    if f64::from(near) < v { near.next_up() } else { near }
}

/// Makes the index of a table, fills it, and registers it.
pub(crate) fn build(db: &Connection, table: &str, entries: Vec<Entry>) -> rusqlite::Result<()> {
    let name = format!("rtree_{table}_{GEOMETRY}");
    db.execute_batch(&format!("CREATE VIRTUAL TABLE {} USING rtree(id, minx, maxx, miny, maxy)", quoted(&name)))?;
    pack(db, &name, entries)?;
    db.execute_batch(&triggers(&name, table))?;
    let sql = "INSERT INTO gpkg_extensions VALUES \
               (?, ?, 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')";
    db.execute(sql, params![table, GEOMETRY]).map(drop)
}

fn pack(db: &Connection, name: &str, entries: Vec<Entry>) -> rusqlite::Result<()> {
    let shadow = |part: &str| quoted(&format!("{name}_{part}"));
    // SQLite made the root, node 1, empty; all nodes are of its size.
    let node_bytes: usize =
        db.query_row(&format!("SELECT length(data) FROM {} WHERE nodeno = 1", shadow("node")), [], |r| r.get(0))?;
    let most = (node_bytes.saturating_sub(HEAD) / ENTRY).max(2);
    let mut keyed: Vec<((u64, i64), Entry)> = entries.into_iter().map(|e| (e.key(), e)).collect();
    keyed.sort_unstable_by_key(|(key, _)| *key);
    let mut level: Vec<Entry> = keyed.into_iter().map(|(_, e)| e).collect();
    let mut put_node = db.prepare(&format!("INSERT INTO {} VALUES (?, ?)", shadow("node")))?;
    let (mut rows, mut parents) = (Vec::with_capacity(level.len()), Vec::new());
    let (mut depth, mut next) = (0_u16, 2_i64);
    while level.len() > most {
        let nodes = level.len().div_ceil(most);
        let mut above = Vec::with_capacity(nodes);
        for i in 0..nodes {
            // All as full as each other, so that none is left with too few.
            let part = &level[i * level.len() / nodes..(i + 1) * level.len() / nodes];
            put_node.execute(params![next, node(0, part, node_bytes)])?;
            let below = if depth == 0 { &mut rows } else { &mut parents };
            below.extend(part.iter().map(|e| (e.id, next)));
            above.push(Entry::around(next, part));
            next += 1;
        }
        (level, depth) = (above, depth + 1);
    }
    db.execute(&format!("UPDATE {} SET data = ? WHERE nodeno = 1", shadow("node")), [node(depth, &level, node_bytes)])?;
    let below = if depth == 0 { &mut rows } else { &mut parents };
    below.extend(level.iter().map(|e| (e.id, 1)));
    put_pairs(db, &shadow("rowid"), rows)?;
    put_pairs(db, &shadow("parent"), parents)
}

/// A node's bytes, big-endian; the depth stands in the root alone.
fn node(depth: u16, entries: &[Entry], bytes: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes);
    out.extend(depth.to_be_bytes());
    out.extend((entries.len() as u16).to_be_bytes());
    for entry in entries {
        out.extend(entry.id.to_be_bytes());
        entry.sides.iter().for_each(|side| out.extend(side.to_be_bytes()));
    }
    out.resize(bytes, 0);
    out
}

/// Where each row or node lies; in the order of the key, so that the table only grows at its end.
fn put_pairs(db: &Connection, table: &str, mut pairs: Vec<(i64, i64)>) -> rusqlite::Result<()> {
    pairs.sort_unstable();
    let mut put = db.prepare(&format!("INSERT INTO {table} VALUES (?, ?)"))?;
    pairs.into_iter().try_for_each(|(id, node)| put.execute([id, node]).map(drop))
}

/// The triggers of version 1.3; the functions in them are those of the program that changes the file.
fn triggers(name: &str, table: &str) -> String {
    let (t, index) = (quoted(table), quoted(name));
    let (new, old) = (format!("NEW.\"{GEOMETRY}\""), format!("OLD.\"{GEOMETRY}\""));
    let sides = format!("ST_MinX({new}), ST_MaxX({new}), ST_MinY({new}), ST_MaxY({new})");
    let is = |g: &str| format!("({g} NOTNULL AND NOT ST_IsEmpty({g}))");
    let is_not = |g: &str| format!("({g} ISNULL OR ST_IsEmpty({g}))");
    let put = format!("INSERT OR REPLACE INTO {index} VALUES (NEW.\"fid\", {sides});");
    let drop = format!("DELETE FROM {index} WHERE id = OLD.\"fid\";");
    let (same, moved) = ("OLD.\"fid\" = NEW.\"fid\" AND ", "OLD.\"fid\" != NEW.\"fid\" AND ");
    let of = format!("UPDATE OF \"{GEOMETRY}\"");
    let all = [
        ("insert", "INSERT", is(&new), put.clone()),
        ("update1", of.as_str(), format!("{same}{}", is(&new)), put.clone()),
        ("update2", of.as_str(), format!("{same}{}", is_not(&new)), drop.clone()),
        ("update3", "UPDATE", format!("{moved}{}", is(&new)), format!("{drop} {put}")),
        (
            "update4",
            "UPDATE",
            format!("{moved}{}", is_not(&new)),
            format!("DELETE FROM {index} WHERE id IN (OLD.\"fid\", NEW.\"fid\");"),
        ),
        ("delete", "DELETE", format!("{old} NOT NULL"), drop),
    ];
    let trigger = |(which, what, when, then): &(&str, &str, String, String)| {
        format!("CREATE TRIGGER {} AFTER {what} ON {t} WHEN {when} BEGIN {then} END;\n", quoted(&format!("{name}_{which}")))
    };
    all.iter().map(trigger).collect()
}
