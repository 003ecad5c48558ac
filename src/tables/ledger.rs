//! `ledger.csv`: where every millimetre of road of a county went. One row a county, service, criterion and road class, and one for all
//! classes.

use super::criterion_fields::of_row;
use crate::config::{RoadClass, Service, Serving};
use crate::coverage::LedgerCell;
use crate::files::schema::{Column, Value};
use crate::files::table::{Field, Table, boolean, real, text};
use crate::results::{Member, Results};

/// Its file.
pub const FILE: &str = "ledger.csv";

/// A row: of what, and the lengths in millimetres.
pub struct LedgerRow<'a> {
    /// The county.
    pub member: &'a Member,
    /// The service.
    pub service: Service,
    /// Number of the criterion.
    pub criterion: usize,
    /// The road class; none for all of them.
    pub class: Option<RoadClass>,
    /// Road.
    pub road_mm: u64,
    /// Covered and gap.
    pub cell: LedgerCell,
}

/// The table.
pub fn table<'a>(serving: &'a Serving) -> Table<'a, LedgerRow<'a>> {
    Table::new(vec![
        text("county_code", "county", "County code as text", "县代码（文本）")
            .of(|r: &LedgerRow<'_>| Value::Text(r.member.county.code.clone())),
        text("county_name", "cty_name", "County name", "县名")
            .or_null("not known")
            .of(|r: &LedgerRow<'_>| Value::Text(r.member.county.name.clone())),
    ])
    .with(of_row(serving, |r: &LedgerRow<'a>| (r.service, r.criterion)))
    .with(length_fields())
    .rule("covered_km + gap_km = road_km, to the millimetre", |row, _| {
        Ok(row.mm("covered_km")? + row.mm("gap_km")? == row.mm("road_km")?)
    })
    // folders of format 3 do not have it
    .rule("is_total marks the rows of all classes", |row, _| {
        Ok(row.get("is_total").is_empty() || (row.get("road_class") == "all") == (row.get("is_total") == "true"))
    })
}

fn length_fields<'a>() -> Vec<Field<'a, LedgerRow<'a>>> {
    let excluded = |r: &LedgerRow<'_>| Value::opt(r.class.is_none().then_some(r.member.result.excluded_mm), Value::km);
    vec![
        text("road_class", "road_class", "Road class; `all` is the sum of the others", "道路等级（all 为合计）")
            .words(RoadClass::ALL.map(RoadClass::as_str).into_iter().chain(["all"]))
            .of(|r: &LedgerRow<'_>| Value::Word(r.class.map_or("all", RoadClass::as_str))),
        real("road_km", "road_km", "km", "Road length = covered_km + gap_km, exactly", "道路里程（=覆盖+缺口）")
            .of(|r: &LedgerRow<'_>| Value::km(r.road_mm)),
        real("covered_km", "covered_km", "km", "Within the limit of a station", "覆盖长度")
            .of(|r: &LedgerRow<'_>| Value::km(r.cell.covered_mm)),
        real("gap_km", "gap_km", "km", "Beyond it", "缺口长度").of(|r: &LedgerRow<'_>| Value::km(r.cell.gap_mm)),
        real("excluded_km", "excl_km", "km", "Road cut off from the network, not in road_km", "孤立路段长度（不计入）")
            .or_null("given for `all` only")
            .of(excluded),
        total("the road classes").of(|r: &LedgerRow<'_>| Value::Boolean(r.class.is_none())),
    ]
}

/// The column that marks a row which is the sum of others, so that nobody adds it up with them.
pub(super) fn total(of: &str) -> Column {
    boolean("is_total", "is_total", format!("The row is the sum over {of}: leave it out of sums"), "是否为合计行（求和时请排除）")
}

/// Its rows, by code; classes that a county has no road of are left out.
pub fn rows(r: &Results) -> impl Iterator<Item = LedgerRow<'_>> + '_ {
    let services = move || r.criteria.serving.services.iter();
    let of_member = move |m| services().flat_map(move |s| (0..r.criteria.serving.all.len()).map(move |c| (m, s, c)));
    r.members.iter().flat_map(of_member).flat_map(|(member, service, criterion)| {
        let classes = RoadClass::ALL.into_iter().filter(|class| member.result.road_mm[class.index()] > 0).map(Some);
        std::iter::once(None).chain(classes).map(move |class| row(member, service, criterion, class))
    })
}

fn row(member: &Member, service: Service, criterion: usize, class: Option<RoadClass>) -> LedgerRow<'_> {
    let result = &member.result;
    let (road_mm, cell) = match class {
        Some(class) => (result.road_mm[class.index()], result.cell(service, criterion, class)),
        None => (result.road_total_mm(), result.total(service, criterion)),
    };
    LedgerRow { member, service, criterion, class, road_mm, cell }
}
