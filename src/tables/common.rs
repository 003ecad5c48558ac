//! The CSV tables: ranking, ledger, issues. RFC 4180, UTF-8, one type a column.

use super::gaps::service_column;
use crate::config::Service;
use crate::config::criteria::Criterion;
use crate::config::{Criteria, RoadClass};
use crate::coverage::Cell;
use crate::files::schema::{Column, Kind, Value};
use crate::issue::Issues;
use crate::read::county::County;
use crate::results::Outcome;
use crate::space::units::{km, minutes};
use std::io::{self, Write};

/// Writes a table.
///
/// # Errors
/// Those of the writer.
pub fn write_csv(out: &mut dyn Write, columns: &[Column], rows: &mut dyn Iterator<Item = Vec<Value>>) -> io::Result<()> {
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    csv.write_record(columns.iter().map(|c| c.name.as_str()))?;
    for row in rows {
        debug_assert_eq!(columns.len(), row.len());
        csv.write_record(row.iter().map(Value::cell))?;
    }
    csv.flush()
}

/// Columns of `ledger.csv`: one row a county, service, criterion and road class, and one for all classes.
pub fn ledger_columns(criteria: &Criteria) -> Vec<Column> {
    use Kind::{Real, Text};
    vec![
        Column::new("county_code", "county", Text, "", "County code as text", "县代码（文本）"),
        Column::new("county_name", "cty_name", Text, "", "County name", "县名"),
        service_column(criteria),
        Column::new("criterion", "criterion", Text, "", "Service distance or time", "服务标准"),
        Column::new("limit_km", "limit_km", Real, "km", "Service distance by road", "服务距离")
            .or_null("the criterion is a time"),
        Column::new("limit_min", "limit_min", Real, "min", "Service time by road", "服务时间")
            .or_null("the criterion is a distance"),
        Column::new("road_class", "road_class", Text, "", "Road class; `all` is the sum of the others", "道路等级（all 为合计）"),
        Column::new("road_km", "road_km", Real, "km", "Road length = covered_km + gap_km, exactly", "道路长度（=覆盖+缺口）"),
        Column::new("covered_km", "covered_km", Real, "km", "Within the limit of a station", "覆盖长度"),
        Column::new("gap_km", "gap_km", Real, "km", "Beyond it", "缺口长度"),
        Column::new(
            "excluded_km",
            "excl_km",
            Real,
            "km",
            "Road cut off from the network, not in road_km",
            "孤立路段长度（不计入）",
        )
        .or_null("given for `all` only"),
    ]
}

/// Rows of `ledger.csv`.
pub fn ledger_rows(o: &Outcome) -> impl Iterator<Item = Vec<Value>> + '_ {
    let keys = (0..o.counties.len())
        .flat_map(move |i| o.criteria.services.iter().flat_map(move |s| (0..o.criteria.all.len()).map(move |c| (i, s, c))));
    keys.flat_map(move |(i, service, c)| {
        let classes = RoadClass::ALL.into_iter().filter(move |class| o.ledger.class_mm(i, *class) > 0).map(Some);
        std::iter::once(None).chain(classes).map(move |class| ledger_row(o, i, service, c, class))
    })
}

fn ledger_row(o: &Outcome, i: usize, service: Service, c: usize, class: Option<RoadClass>) -> Vec<Value> {
    let (cell, road_mm) = match class {
        Some(class) => (o.ledger.cell(i, service, c, class), o.ledger.class_mm(i, class)),
        None => (o.ledger.total(i, service, c), o.ledger.road_mm(i)),
    };
    let excluded_mm = class.is_none().then(|| o.ledger.excluded_mm[i]);
    ledger_values(&o.counties[i], (service, o.criteria.all[c], class), (road_mm, cell, excluded_mm))
}

/// The values of a row of the ledger, in the order of [`ledger_columns`]: of what, and the lengths in millimetres.
pub(crate) fn ledger_values(
    county: &County,
    (service, criterion, class): (Service, Criterion, Option<RoadClass>),
    (road_mm, cell, excluded_mm): (u64, Cell, Option<u64>),
) -> Vec<Value> {
    let (by_km, by_min) = match criterion {
        Criterion::Distance(mm) => (Value::Real(km(mm.into())), Value::Null),
        Criterion::Time(ms) => (Value::Null, Value::Real(minutes(ms.into()))),
    };
    vec![
        Value::Text(county.code.clone()),
        Value::Text(county.name.clone()),
        Value::Text(service.as_str().to_owned()),
        Value::Text(criterion.slug()),
        by_km,
        by_min,
        Value::Text(class.map_or("all", RoadClass::as_str).to_owned()),
        Value::km(road_mm),
        Value::km(cell.covered_mm),
        Value::km(cell.gap_mm),
        Value::opt(excluded_mm, Value::km),
    ]
}

/// Columns of `issues.csv`.
pub fn issue_columns() -> Vec<Column> {
    use Kind::{Integer, Real, Text};
    let whole = "it concerns more than one place";
    vec![
        Column::new("layer", "layer", Text, "", "Layer", "图层"),
        Column::new("code", "code", Text, "", "What happened", "问题代码"),
        Column::new(
            "severity",
            "severity",
            Text,
            "",
            "refused (not used), warning (used, look at it) or note (left out on purpose)",
            "严重程度",
        ),
        Column::new("file", "file", Text, "", "File", "文件").or_null(whole),
        Column::new("feature", "feature", Integer, "", "Feature or row, from 1", "要素序号").or_null(whole),
        Column::new("record_id", "record_id", Text, "", "Id of the record", "记录编号").or_null("none"),
        Column::new("field", "field", Text, "", "Field", "字段").or_null("the whole record"),
        Column::new("line", "line", Integer, "", "Line, from 1", "行号").or_null("not a text table"),
        Column::new("count", "count", Integer, "count", "Records it stands for", "记录数"),
        Column::new("length_km", "length_km", Real, "km", "Road length concerned", "涉及道路长度"),
        Column::new("message", "message", Text, "", "What is wrong", "说明"),
        Column::new("what_to_do", "to_do", Text, "", "What to do", "处理建议"),
        Column::new("title_zh", "title_zh", Text, "", "What happened, in Chinese", "问题名称"),
    ]
}

/// Rows of `issues.csv`, in the order layer, file, feature.
pub fn issue_rows(issues: &Issues) -> impl Iterator<Item = Vec<Value>> + '_ {
    issues.sorted().into_iter().map(|i| {
        let number = |n: Option<u64>| Value::opt(n, |v| Value::Integer(v as i64));
        vec![
            Value::Text(i.layer.as_str().to_owned()),
            Value::Text(i.code.as_str().to_owned()),
            Value::Text(i.code.severity().as_str().to_owned()),
            Value::opt(i.at.file.clone(), Value::Text),
            number(i.at.feature),
            Value::opt(i.at.id.clone(), Value::Text),
            Value::opt(i.at.field.clone(), Value::Text),
            number(i.at.line),
            Value::Integer(i.count as i64),
            Value::km(i.length_mm),
            Value::Text(i.message.clone()),
            Value::Text(i.code.next().to_owned()),
            Value::Text(i.code.zh().to_owned()),
        ]
    })
}
