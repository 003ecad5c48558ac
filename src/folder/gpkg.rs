//! `round.gpkg`: every layer of the round in one file. Stations, settlements and gaps come from the rows of the shards, a few counties at
//! a time, read ahead while those before are written.

use crate::error::{Error, Location, Result, path_text};
use crate::files::geojson::{Feature, Shape};
use crate::files::geopackage::{GeometryKind, Layer, Rows, Style, write_geopackage};
use crate::files::schema::{Column, Value};
use crate::round::merge::Round;
use crate::round::rows::{FeatureRow, features_of, vouched};
use crate::space::line::positions;
use crate::tables::round_layers::{columns, county, value};
use crate::tables::round_tables as tables;
use rayon::prelude::*;
use std::path::Path;
use std::sync::mpsc::sync_channel;

/// Counties whose features are read at a time.
const AT_A_TIME: usize = 24;

/// Writes the file.
///
/// # Errors
/// Environment, when the disk refuses; input, when rows were changed since they were looked at.
pub fn write(r: &Round, path: &Path) -> Result<()> {
    let of = |layer: &str| columns(layer, &r.criteria);
    let (county_columns, stations, settlements, gaps) = (of("counties"), of("stations"), of("settlements"), of("gaps"));
    std::thread::scope(|scope| {
        let mut counties = (0..r.members.len()).map(|i| Ok(county(r, i)));
        let mut station_rows = ahead(scope, r, "stations", &stations);
        let mut settlement_rows = ahead(scope, r, "settlements", &settlements);
        let mut gap_rows = ahead(scope, r, "gaps", &gaps);
        let mut selection = tables::selection_rows(r).map(Ok);
        let selection_columns = tables::selection_columns();
        let layers = vec![
            Layer {
                name: "counties",
                title: "Counties",
                description: "Counties with score, rank and result · 县：得分、名次与入选结果",
                columns: &county_columns,
                rows: Rows::Features(GeometryKind::Area, &mut counties),
                style: Some(Style::counties_by_score("score_0_100")),
            },
            Layer {
                name: "gaps",
                title: "Gaps",
                description: "Dead stretches at the headline distance · 服务空白路段",
                columns: &gaps,
                rows: Rows::Features(GeometryKind::Line, &mut gap_rows),
                style: Some(Style::gaps()),
            },
            Layer {
                name: "settlements",
                title: "Settlements",
                description: "Settlements with the way to the nearest stations · 居民点及到最近站点的距离",
                columns: &settlements,
                rows: Rows::Features(GeometryKind::Point, &mut settlement_rows),
                style: Some(Style::settlements("in_gap")),
            },
            Layer {
                name: "stations",
                title: "Stations",
                description: "Stations as used · 采用的站点",
                columns: &stations,
                rows: Rows::Features(GeometryKind::Point, &mut station_rows),
                style: Some(Style::stations()),
            },
            Layer {
                name: "selection",
                title: "Selection",
                description: "Who is selected and why not · 入选结果与理由",
                columns: &selection_columns,
                rows: Rows::Table(&mut selection),
                style: None,
            },
        ];
        let day = format!("{}T00:00:00.000Z", r.file.day());
        write_geopackage(path, &day, layers)
    })
}

type Item<'a> = Result<Feature<'a>>;

/// The features of a layer, read by another thread and handed over a few counties at a time; it begins with the first.
fn ahead<'s, 'e: 's>(
    scope: &'s std::thread::Scope<'s, 'e>,
    r: &'e Round,
    layer: &'static str,
    columns: &'e [Column],
) -> impl Iterator<Item = Item<'e>> + 's {
    let start = move || {
        let (send, receive) = sync_channel::<Vec<Vec<Item<'e>>>>(1);
        scope.spawn(move || {
            for few in r.members.chunks(AT_A_TIME) {
                let read: Vec<Vec<Item<'e>>> = few.par_iter().map(|m| of_member(m, layer, columns)).collect();
                if send.send(read).is_err() {
                    return; // who writes has stopped
                }
            }
        });
        receive.into_iter().flatten().flatten()
    };
    std::iter::once_with(start).flatten()
}

fn of_member<'a>(m: &crate::round::merge::Member, layer: &str, columns: &[Column]) -> Vec<Item<'a>> {
    let Some(done) = &m.done else { return Vec::new() };
    let bytes = match std::fs::read(&done.path) {
        Ok(bytes) => bytes,
        Err(e) => return vec![Err(Error::io("read the finished shard", &done.path, &e))],
    };
    let changed = || {
        let at = Location::file(path_text(&done.path));
        Error::input("a finished shard was changed while the round was written", "run again; it is made anew").at(at)
    };
    if vouched(&bytes) != Some(done.foot.as_str()) {
        return vec![Err(changed())];
    }
    features_of(&bytes, layer).map(|f| feature(f, columns).ok_or_else(changed)).collect()
}

fn feature<'a>(row: FeatureRow, columns: &[Column]) -> Option<Feature<'a>> {
    let at = positions(&row.at)?;
    let shape = match at.as_slice() {
        [one] => Shape::Point(*one),
        [_, ..] => Shape::Line(at),
        [] => return None,
    };
    let values: Vec<Value> = row.values.into_iter().zip(columns).map(|(v, c)| value(v, c)).collect();
    (values.len() == columns.len()).then_some(Feature { id: row.id, shape, values })
}
