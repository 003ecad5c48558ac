//! `region.gpkg` of a run and `round.gpkg` of a round: every layer, and the tables that say what the layers do not; and the QGIS project over
//! it. Features come a chunk at a time, made ahead by another thread while those before are written.

use super::looks::looks;
use crate::error::Result;
use crate::files::geojson::{Feature, GeometryKind, UniqueIds};
use crate::files::geopackage::{PackageLayer, PackageRows, write_geopackage};
use crate::files::qgis_project::{Project, ProjectLayer};
use crate::results::Results;
use crate::tables::{LayerPart, TablePart, counties, gaps, layers_of, package_of, plan, stations, tables_of};
use std::path::Path;
use std::sync::mpsc::sync_channel;

/// Writes the file; gives the seal of what it says.
///
/// # Errors
/// Environment, when the disk refuses; input, when rows were changed since they were looked at.
pub fn write(r: &Results, path: &Path) -> Result<String> {
    let layers = layers_of(r);
    let tables: Vec<TablePart<'_>> = tables_of(r).into_iter().filter(|t| t.words.is_some()).collect();
    std::thread::scope(|scope| {
        let mut features: Vec<_> = layers.iter().map(|layer| ahead(scope, layer)).collect();
        let mut rows: Vec<_> = tables.iter().map(|t| t.rows().map(Ok)).collect();
        let described: Vec<String> = layers.iter().map(|l| format!("{} · {}", l.words[1], l.words[2])).collect();
        let drawn = layers.iter().zip(&mut features).zip(&described);
        let mut parts: Vec<PackageLayer<'_, '_>> = drawn
            .map(|((layer, features), description)| {
                let rows = PackageRows::Features(layer.kind(), features);
                PackageLayer {
                    name: layer.name,
                    title: layer.words[0],
                    description,
                    columns: &layer.columns,
                    rows,
                    style: Some(looks(layer.name, &r.criteria.serving)),
                }
            })
            .collect();
        for (table, rows) in tables.iter().zip(&mut rows) {
            let [name, title, description] = table.words.unwrap_or_default();
            parts.push(PackageLayer {
                name,
                title,
                description,
                columns: &table.columns,
                rows: PackageRows::Table(rows),
                style: None,
            });
        }
        let day = r.round.as_ref().map_or_else(|| "1970-01-01".to_owned(), |part| part.file.day()); // no clock is read
        write_geopackage(path, &format!("{day}T00:00:00.000Z"), parts)
    })
}

/// Layers that a project shows when it is opened; the rest is a click away.
const SHOWN: [&str; 4] = [counties::NAME, gaps::NAME, stations::NAME, plan::NAME];

/// The QGIS project over the GeoPackage: points over lines over areas, and the tables last.
///
/// # Errors
/// What the container refuses.
pub fn project(r: &Results) -> std::io::Result<Vec<u8>> {
    let layers = layers_of(r);
    let mut drawn: Vec<ProjectLayer<'_>> = layers.iter().map(|l| drawn_layer(l, r)).collect();
    // what is written first stands lowest
    drawn.reverse();
    let height = |l: &ProjectLayer<'_>| match l.drawn {
        Some((GeometryKind::Point, _)) => 0,
        Some((GeometryKind::Line | GeometryKind::Lines, _)) => 1,
        _ => 2,
    };
    drawn.sort_by_key(height);
    let tables = tables_of(r).into_iter().filter_map(|t| t.words);
    let tables = tables.map(|[name, title, what]| {
        let zh = what.split_once(" · ").map_or("", |(_, zh)| zh);
        ProjectLayer { name, title: format!("{title} {zh}"), drawn: None, is_shown: false }
    });
    let (title, view) = (r.region.name.as_str(), counties::bbox(r.members.iter()));
    Project { title, package: package_of(r), view, layers: drawn.into_iter().chain(tables).collect() }.qgz()
}

fn drawn_layer<'a>(layer: &LayerPart<'a>, r: &Results) -> ProjectLayer<'a> {
    let title = format!("{} {}", layer.words[0], layer.words[2]);
    let looks = looks(layer.name, &r.criteria.serving);
    ProjectLayer { name: layer.name, title, drawn: Some((layer.kind(), looks)), is_shown: SHOWN.contains(&layer.name) }
}

/// The features of a layer, made by another thread and handed over a chunk at a time; it begins with the first that is asked for.
fn ahead<'s, 'e: 's, 'r: 'e>(
    scope: &'s std::thread::Scope<'s, 'e>,
    layer: &'e LayerPart<'r>,
) -> impl Iterator<Item = Result<Feature<'r>>> + 's {
    let start = move || {
        let (send, receive) = sync_channel::<Result<Vec<Feature<'r>>>>(1);
        scope.spawn(move || {
            // An id that comes again is told apart as in the GeoJSON of the layer.
            let mut ids = UniqueIds::default();
            for k in 0..layer.chunks {
                let mut chunk = layer.chunk(k);
                if let Ok(features) = &mut chunk {
                    ids.make_unique(features, None);
                }
                if send.send(chunk).is_err() {
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
