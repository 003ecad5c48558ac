//! The file of a finished shard: a county's result and the rows of its layers, as lines of JSON with a head that names the shard and a
//! foot that vouches for every byte. The same shard gives the same bytes on every machine. `begins` tells where each layer does.
//!
//! ```text
//! {"chargegap_shard":2,"county":"500151","shard":"9f86d0…"}
//! {"county":{"code":"500151","figures":[…],"books":[…],…}}
//! {"stations":{"station":{"id":"S1",…},"used":true,…}}
//! {"rows":3,"begins":[["stations",812],["settlements",1023],["gaps",1023]],"sha256":"60303ae…"}
//! ```

use crate::county::{Computed, CountyResult, LayerFacts, ResultRow, RowSink, RowsByCounty};
use crate::read::hex;
use crate::read::road::Names;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// Version of what a shard yields.
pub const ROWS_VERSION: u32 = 4;

/// Makes the file of every county that was computed together, in their order: the bytes, shard by shard. With `roads`, every piece of road
/// is a row.
pub fn of_piece(c: &Computed, (layer, roads): (LayerFacts, bool), names: &Names, shards: &[String]) -> Vec<Vec<u8>> {
    let rows = RowsByCounty::new(&c.scene, names, (layer.shortest_gap_mm, roads));
    let one = |(i, result): (usize, &CountyResult)| {
        let mut file = ShardLines::new(&result.code, &shards[i]);
        file.line("county", result);
        rows.of(i, &mut file);
        file.finish()
    };
    c.results.iter().enumerate().map(one).collect()
}

/// Lines being written.
struct ShardLines {
    text: String,
    count: usize,
    /// Where each layer begins.
    begins: Begins,
}

/// Name of each layer and where it begins, in the order of the file.
type Begins = Vec<(String, usize)>;

impl ShardLines {
    fn new(code: &str, shard: &str) -> Self {
        let code = serde_json::to_string(code).unwrap_or_default();
        let text = format!("{{\"chargegap_shard\":{ROWS_VERSION},\"county\":{code},\"shard\":\"{shard}\"}}\n");
        Self { text, count: 0, begins: Vec::new() }
    }

    fn line(&mut self, what: &str, row: &impl Serialize) {
        // Serialising to text cannot fail: no map of it has other keys than text.
        let _ = writeln!(self.text, "{{\"{what}\":{}}}", serde_json::to_string(row).unwrap_or_default());
        self.count += 1;
    }

    fn finish(mut self) -> Vec<u8> {
        let print = hex(&Sha256::digest(self.text.as_bytes()));
        let begins = serde_json::to_string(&self.begins).unwrap_or_default();
        let _ = writeln!(self.text, "{{\"rows\":{},\"begins\":{begins},\"sha256\":\"{print}\"}}", self.count);
        self.text.into_bytes()
    }
}

impl RowSink for ShardLines {
    fn layer<R: ResultRow>(&mut self, rows: impl Iterator<Item = R>) {
        self.begins.push((R::LAYER.to_owned(), self.text.len()));
        rows.for_each(|row| self.line(R::LAYER, &row));
    }
}

#[derive(Deserialize)]
struct Head {
    chargegap_shard: u32,
    county: String,
    shard: String,
}

#[derive(Deserialize)]
struct Foot {
    rows: usize,
    begins: Begins,
    sha256: String,
}

/// Checks a file of rows from its first byte to its last, and that it is of this shard; its fingerprint, and what its foot vouches for.
///
/// # Errors
/// What is wrong with it, in a few words.
pub fn check(bytes: &[u8], code: &str, shard: &str) -> Result<(String, String), &'static str> {
    let (foot_at, foot) = foot(bytes)?;
    let mut body = Sha256::new();
    body.update(&bytes[..foot_at]);
    if hex(&body.clone().finalize()) != foot.sha256 {
        return Err("its fingerprint does not match");
    }
    let mut lines = bytes[..foot_at].split(|b| *b == b'\n');
    let head: Head = lines.next().and_then(|l| serde_json::from_slice(l).ok()).ok_or("its first line is not the head")?;
    let rows = lines.filter(|l| !l.is_empty()).count();
    if (head.chargegap_shard, head.county.as_str(), head.shard.as_str(), rows) != (ROWS_VERSION, code, shard, foot.rows) {
        return Err("it is of another shard");
    }
    // The print of the whole goes on from that of the body, so that each byte is looked at once.
    body.update(&bytes[foot_at..]);
    Ok((hex(&body.finalize()), foot.sha256))
}

/// Where the foot of a file begins, and what it says.
fn foot(bytes: &[u8]) -> Result<(usize, Foot), &'static str> {
    let body = bytes.strip_suffix(b"\n").ok_or("it does not end with a line")?;
    let at = body.iter().rposition(|b| *b == b'\n').ok_or("it has one line only")? + 1;
    let foot: Foot = serde_json::from_slice(&body[at..]).map_err(|_| "its last line is not the foot")?;
    let rising = foot.begins.is_sorted_by_key(|b| b.1) && foot.begins.iter().all(|b| b.1 <= at);
    if rising { Ok((at, foot)) } else { Err("its layers are not in order") }
}

/// What the foot of a file vouches for, without a look at the rest.
pub fn vouched(bytes: &[u8]) -> Option<&str> {
    let (_, rest) = std::str::from_utf8(bytes.get(bytes.len().checked_sub(68)?..)?).ok()?.split_at_checked(1)?;
    rest.strip_suffix("\"}\n")
}

/// The county's result of a checked file.
pub fn county_of(bytes: &[u8]) -> Option<CountyResult> {
    #[derive(Deserialize)]
    struct CountyLine {
        county: CountyResult,
    }
    let line = bytes.split(|b| *b == b'\n').nth(1)?;
    serde_json::from_slice::<CountyLine>(line).ok().map(|l| l.county)
}

/// The rows of one layer of a checked file, in order, with the number of their county; none for a line that is no such row.
pub fn rows_of<R: ResultRow>(bytes: &[u8], county: u32) -> impl Iterator<Item = Option<R>> + use<'_, R> {
    let begins = format!("{{\"{}\":", R::LAYER).into_bytes();
    let part = foot(bytes).ok().and_then(|(at, foot)| {
        let k = foot.begins.iter().position(|b| b.0 == R::LAYER)?;
        bytes.get(foot.begins[k].1..foot.begins.get(k + 1).map_or(at, |b| b.1))
    });
    part.unwrap_or_default().split(|b| *b == b'\n').filter(|line| !line.is_empty()).map(move |line| {
        let inner = line.strip_prefix(begins.as_slice())?.strip_suffix(b"}")?;
        serde_json::from_slice::<R>(inner).ok().map(|row| row.of_county(county))
    })
}
