//! `region.gpkg` of a run and `round.gpkg` of a round: every layer and the tables that stand beside them in one file. Rows come a chunk
//! at a time, made ahead by another thread while those before are written.

use crate::error::Result;
use crate::files::geojson::Feature;
use crate::files::geopackage::{GeometryKind, Layer as Part, Rows, Style, write_geopackage};
use crate::files::schema::{Column, Value};
use crate::files::table::{Layer, Table};
use crate::results::{LayerRows, Results};
use crate::tables::{counties, gaps, ledger, selection, settlements, stations};
use crate::tables::{equity, issues, ranking, trust};
use std::path::Path;
use std::sync::mpsc::sync_channel;

/// Writes the file.
///
/// # Errors
/// Environment, when the disk refuses; input, when rows were changed since they were looked at.
pub fn write(r: &Results, path: &Path) -> Result<()> {
    let bounded = r.round.is_some();
    let (county_layer, station_layer) = (counties::layer(&r.criteria, bounded), stations::layer(&r.criteria, &r.members));
    let settlement_layer = settlements::layer(&r.criteria, &r.members, bounded);
    let gap_layer = gaps::layer(&r.criteria, &r.members, bounded);
    let (county_rows, gap_rows) = (counties::rows(r), r.gaps());
    let (settlement_rows, station_rows) = (r.settlements(), r.stations());
    std::thread::scope(|scope| {
        let mut of_counties = county_rows.iter().map(|row| Ok(county_layer.feature(row)));
        let mut of_gaps = ahead(scope, &gap_layer, &gap_rows);
        let mut of_settlements = ahead(scope, &settlement_layer, &settlement_rows);
        let mut of_stations = ahead(scope, &station_layer, &station_rows);
        let columns = [county_layer.table.columns(), gap_layer.table.columns()];
        let points = [settlement_layer.table.columns(), station_layer.table.columns()];
        let mut tables = tables(r);
        let mut parts = vec![
            Part {
                name: "counties",
                title: "Counties",
                description: "Counties with score, rank and result · 县：得分、名次与入选结果",
                columns: &columns[0],
                rows: Rows::Features(GeometryKind::Area, &mut of_counties),
                style: Some(Style::counties_by_score("score_0_100")),
            },
            Part {
                name: "gaps",
                title: "Gaps",
                description: "Dead stretches at the headline distance · 服务空白路段",
                columns: &columns[1],
                rows: Rows::Features(GeometryKind::Line, &mut of_gaps),
                style: Some(Style::gaps()),
            },
            Part {
                name: "settlements",
                title: "Settlements",
                description: "Settlements with the way to the nearest stations · 居民点及到最近站点的距离",
                columns: &points[0],
                rows: Rows::Features(GeometryKind::Point, &mut of_settlements),
                style: Some(Style::settlements("in_gap")),
            },
            Part {
                name: "stations",
                title: "Stations",
                description: "Stations as used · 采用的站点",
                columns: &points[1],
                rows: Rows::Features(GeometryKind::Point, &mut of_stations),
                style: Some(Style::stations()),
            },
        ];
        parts.extend(tables.iter_mut().map(|t| Part {
            name: t.name,
            title: t.title,
            description: t.description,
            columns: &t.columns,
            rows: Rows::Table(t.rows.as_mut()),
            style: None,
        }));
        let day = r.round.as_ref().map_or_else(|| "1970-01-01".to_owned(), |part| part.file.day());
        write_geopackage(path, &format!("{day}T00:00:00.000Z"), parts)
    })
}

/// A table of the file.
struct Attributes<'a> {
    name: &'static str,
    title: &'static str,
    description: &'static str,
    columns: Vec<Column>,
    rows: Box<dyn Iterator<Item = Result<Vec<Value>>> + 'a>,
}

impl<'a> Attributes<'a> {
    fn of<R: 'a>(
        [name, title, description]: [&'static str; 3],
        table: Table<'a, R>,
        rows: impl IntoIterator<Item = R, IntoIter: 'a>,
    ) -> Self {
        let columns = table.columns();
        let rows = rows.into_iter();
        Self { name, title, description, columns, rows: Box::new(rows.map(move |row| Ok(table.values(&row)))) }
    }
}

/// The tables: of a round who is selected, and of both what the layers do not say.
fn tables(r: &Results) -> Vec<Attributes<'_>> {
    let mut all = Vec::new();
    if let Some(round) = r.as_round() {
        let words = ["selection", "Selection", "Who is selected and why not · 入选结果与理由"];
        all.push(Attributes::of(words, selection::table(round), selection::rows(round)));
    }
    let view = ranking::RankView::of(r);
    let words = ["ranking", "Ranking", "Places with their ranges and reasons · 名次、区间与原因"];
    all.push(Attributes::of(words, ranking::table(view), ranking::rows(view)));
    let words = ["ledger", "Ledger", "Road, covered and gap by county, service, limit and class · 台账"];
    all.push(Attributes::of(words, ledger::table(&r.criteria), ledger::rows(r)));
    if r.output.wants("equity") {
        let words = ["equity", "Equity", "How evenly the way to a charger is shared · 距离的公平性"];
        all.push(Attributes::of(words, equity::table(&r.criteria), equity::rows(r)));
    }
    all.push(Attributes::of(["trust", "Trust", "Trust in the inputs · 数据可信度"], trust::table(), trust::rows(r)));
    all.push(Attributes::of(["issues", "Issues", "What was found in the records · 数据问题"], issues::table(), issues::rows(&r.issues)));
    all
}

/// The features of a layer, made by another thread and handed over a chunk at a time; it begins with the first that is asked for.
fn ahead<'s, 'e: 's, R: Clone + Send + Sync + 'e>(
    scope: &'s std::thread::Scope<'s, 'e>,
    layer: &'e Layer<'e, R>,
    rows: &'e LayerRows<'e, R>,
) -> impl Iterator<Item = Result<Feature<'e>>> + 's {
    let start = move || {
        let (send, receive) = sync_channel::<Result<Vec<Feature<'e>>>>(1);
        scope.spawn(move || {
            for k in 0..rows.chunks {
                let made = rows.chunk(k).map(|rows| rows.iter().map(|row| layer.feature(row)).collect());
                if send.send(made).is_err() {
                    return; // who writes has stopped
                }
            }
        });
        receive.into_iter().flat_map(|chunk| match chunk {
            Ok(features) => features.into_iter().map(Ok).collect::<Vec<_>>(),
            Err(e) => vec![Err(e)],
        })
    };
    std::iter::once_with(start).flatten()
}
