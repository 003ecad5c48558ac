//! The outline of a province or city among the counties that it is made of: it would take all of their road, and is refused.

use super::county::{County, square_metres};
use super::county_checks::{Boxes, boxed};
use crate::error::{Error, Result};
use geo::{Contains, InteriorPoint};
use rstar::AABB;

/// A record is an outline when the counties whose middle it holds cover at least this share of it.
const COVERED: f64 = 0.9;

/// Refuses a county that two or more others fill.
///
/// # Errors
/// Input, naming it and how to leave it out.
pub(super) fn refuse(counties: &[County]) -> Result<()> {
    let boxes = Boxes::bulk_load(counties.iter().enumerate().filter_map(|(i, c)| boxed(i, &c.shape)).collect());
    let mut inside: Vec<Vec<usize>> = vec![Vec::new(); counties.len()];
    for (i, county) in counties.iter().enumerate() {
        let Some(middle) = county.shape.0.first().and_then(InteriorPoint::interior_point) else { continue };
        let at = AABB::from_point([middle.x(), middle.y()]);
        let around = boxes.locate_in_envelope_intersecting(&at).map(|b| b.data).filter(|k| *k != i);
        around.filter(|k| counties[*k].shape.contains(&middle)).for_each(|k| inside[k].push(i));
    }
    for (county, parts) in counties.iter().zip(&inside).filter(|(_, parts)| parts.len() > 1) {
        let covered: f64 = parts.iter().map(|i| square_metres(&counties[*i].shape)).sum();
        if covered >= COVERED * square_metres(&county.shape) {
            let names: Vec<&str> = parts.iter().take(3).map(|i| counties[*i].name.as_str()).collect();
            let what = format!(
                "\"{}\" ({}) covers {} other counties ({} …): it looks like the outline of all of them, and would take their road",
                county.name,
                county.code,
                parts.len(),
                names.join(", ")
            );
            let next = "delete the record, or name the counties that are meant with only = […] under [counties]";
            return Err(Error::input(what, next).at(county.source.clone()));
        }
    }
    Ok(())
}
