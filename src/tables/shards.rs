//! `shards.csv`: what the rows of each county of a round were made from, as fingerprints.

use crate::files::schema::Value;
use crate::files::table::{Field, Table, text};
use crate::read::county::County;
use crate::results::{PARTS, Results, ShardRecord};

/// Its file.
pub const FILE: &str = "shards.csv";

/// The parts of a shard in Chinese, in the order of [`PARTS`].
const ZH: [&str; PARTS.len()] = ["服务标准", "道路", "站点", "居民点", "人口"];

/// A row: the shard of a county.
#[derive(Clone, Copy, Debug)]
pub struct ShardRow<'a> {
    /// The county.
    pub county: &'a County,
    /// What it was made from.
    pub shard: &'a ShardRecord,
}

/// The table.
pub fn table<'a>() -> Table<'a, ShardRow<'a>> {
    let print = "Fingerprint of everything that its rows are made from";
    let rows = "Fingerprint of its rows; `verify --recompute` makes them again";
    Table::new(vec![
        text("county_code", "county", "County code as text", "县代码（文本）")
            .of(|r: &ShardRow<'_>| Value::Text(r.county.code.clone())),
        text("shard_sha256", "shard", print, "分片输入指纹").of(|r: &ShardRow<'_>| Value::Text(r.shard.print.clone())),
    ])
    .with((0..PARTS.len()).map(part_field))
    .with([text("rows_sha256", "rows", rows, "分片结果指纹")
        .or_null("it could not be computed")
        .of(|r: &ShardRow<'_>| Value::opt(r.shard.done.as_ref(), |d| Value::Text(d.sha256.clone())))])
}

fn part_field<'a>(i: usize) -> Field<'a, ShardRow<'a>> {
    let (part, zh) = (PARTS[i], ZH[i]);
    let alias = format!("{}_sha", &part[..part.len().min(6)]);
    let en = format!("Fingerprint of that part of it: {part}");
    text(&format!("{part}_sha256"), &alias, en, format!("其中{zh}的指纹"))
        .of(move |r: &ShardRow<'_>| Value::Text(r.shard.parts[i].clone()))
}

/// Its rows, by code.
pub fn rows(r: &Results) -> impl Iterator<Item = ShardRow<'_>> {
    r.members.iter().filter_map(|m| Some(ShardRow { county: &m.county, shard: m.shard.as_ref()? }))
}
