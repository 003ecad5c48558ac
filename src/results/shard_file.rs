//! The file of a finished shard: a county's result and the rows of its layers, as lines of JSON with a head that names the shard and a
//! foot that vouches for every byte. The same shard gives the same bytes on every machine. `begins` tells where each layer does.
//!
//! ```text
//! {"chargegap_shard":2,"county":"500151","shard":"9f86d0…"}
//! {"county":{"code":"500151","figures":[…],"books":[…],…}}
//! {"stations":{"station":{"id":"S1",…},"used":true,…}}
//! {"rows":3,"begins":[812,1023,1023],"sha256":"60303ae…"}
//! ```

use crate::county::{Computed, CountyResult, CrowFly, GapRow, Ground, LayerFacts, SettlementRow, settlement_row};
use crate::place::{SettlementOut, StationOut};
use crate::read::hex;
use crate::read::road::Names;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// Version of what a shard yields.
pub const ROWS_VERSION: u32 = 2;

/// Layers, in the order in which their rows stand in the file.
pub const LAYERS: [&str; 3] = ["stations", "settlements", "gaps"];

/// A row of a layer, as a shard's file keeps it: without its county, which the file is of.
pub trait Row: Serialize + DeserializeOwned {
    /// Its layer's place among [`LAYERS`].
    const LAYER: usize;

    /// The same with the number of its county.
    #[must_use]
    fn of_county(self, county: u32) -> Self;
}

impl Row for StationOut {
    const LAYER: usize = 0;

    fn of_county(self, county: u32) -> Self {
        Self { county: Some(county), ..self }
    }
}

impl Row for SettlementRow {
    const LAYER: usize = 1;

    fn of_county(self, county: u32) -> Self {
        Self { county, ..self }
    }
}

impl Row for GapRow {
    const LAYER: usize = 2;

    fn of_county(self, county: u32) -> Self {
        Self { county, ..self }
    }
}

/// Makes the file of every county that was computed together, in their order: the bytes, shard by shard. A piece with a bound tells no
/// way beyond it, so nothing as the crow flies and no farthest point is kept.
pub fn of_piece(c: &Computed, layer: LayerFacts, names: &Names, shards: &[String]) -> Vec<Vec<u8>> {
    let scene = &c.scene;
    let counties = c.results.len();
    let mut stations: Vec<Vec<&StationOut>> = vec![Vec::new(); counties];
    for s in &scene.stations {
        if let Some(list) = s.county.and_then(|i| stations.get_mut(i as usize)) {
            list.push(s);
        }
    }
    let mut settlements: Vec<Vec<&SettlementOut>> = vec![Vec::new(); counties];
    scene.settlements.iter().for_each(|s| settlements[s.county as usize].push(s));
    let mut stretches = vec![Vec::new(); counties];
    let long = scene.stretches.iter().filter(|s| s.length_mm >= layer.shortest_gap_mm);
    long.for_each(|s| stretches[s.county as usize].push(s));
    let ground = Ground { criteria: &scene.criteria, network: &scene.network, names };
    let one = |(i, result): (usize, &CountyResult)| {
        let mut file = Lines::new(&result.code, &shards[i]);
        file.line("county", result);
        file.layer(stations[i].iter().copied());
        file.layer(settlements[i].iter().map(|s| settlement_row(scene, s, None::<&CrowFly>)));
        file.layer(stretches[i].iter().map(|s| ground.gap_row(&result.code, s)));
        file.finish()
    };
    c.results.iter().enumerate().map(one).collect()
}

/// Lines being written.
struct Lines {
    text: String,
    count: usize,
    /// Where each layer begins.
    begins: Vec<usize>,
}

impl Lines {
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

    /// The next of [`LAYERS`].
    fn layer(&mut self, rows: impl Iterator<Item = impl Serialize>) {
        let name = LAYERS[self.begins.len()];
        self.begins.push(self.text.len());
        rows.for_each(|row| self.line(name, &row));
    }

    fn finish(mut self) -> Vec<u8> {
        let print = hex(&Sha256::digest(self.text.as_bytes()));
        let begins = serde_json::to_string(&self.begins).unwrap_or_default();
        let _ = writeln!(self.text, "{{\"rows\":{},\"begins\":{begins},\"sha256\":\"{print}\"}}", self.count);
        self.text.into_bytes()
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
    begins: [usize; LAYERS.len()],
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
    let rising = foot.begins.is_sorted() && foot.begins.iter().all(|b| *b <= at);
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
    struct Line {
        county: CountyResult,
    }
    let line = bytes.split(|b| *b == b'\n').nth(1)?;
    serde_json::from_slice::<Line>(line).ok().map(|l| l.county)
}

/// The rows of one layer of a checked file, in order, with the number of their county; none for a line that is no such row.
pub fn rows_of<R: Row>(bytes: &[u8], county: u32) -> impl Iterator<Item = Option<R>> + use<'_, R> {
    let begins = format!("{{\"{}\":", LAYERS[R::LAYER]).into_bytes();
    let part = foot(bytes).ok().and_then(|(at, foot)| {
        let end = foot.begins.get(R::LAYER + 1).copied().unwrap_or(at);
        bytes.get(foot.begins[R::LAYER]..end)
    });
    part.unwrap_or_default().split(|b| *b == b'\n').filter(|line| !line.is_empty()).map(move |line| {
        let inner = line.strip_prefix(begins.as_slice())?.strip_suffix(b"}")?;
        serde_json::from_slice::<R>(inner).ok().map(|row| row.of_county(county))
    })
}
