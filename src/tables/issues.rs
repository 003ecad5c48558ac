//! `issues.csv`: what was refused, repaired or noticed in the input; and the layer of those whose place on the ground is known.

use crate::files::geojson::{Shape, bbox_of};
use crate::files::lang::Lang;
use crate::files::messages::said;
use crate::files::schema::Value;
use crate::files::table::{Field, ShapedTable, Table, integer, real, text};
use crate::issue::{Issue, IssueCode, Issues, Layer, Severity};
use crate::read::hex;
use crate::space::LonLat;
use sha2::{Digest, Sha256};

/// Its file.
pub const FILE: &str = "issues.csv";
/// The layer.
pub const POINTS: &str = "issue_points";

type Row<'a> = &'a Issue;

/// The table; messages, and what to do, are in a language.
pub fn table<'a>(lang: Lang) -> Table<'a, Row<'a>> {
    Table::new(what_fields()).with(where_fields()).with(how_much_fields(lang)).with(ground_fields())
}

/// The layer: the same columns behind an id.
pub fn layer<'a>(lang: Lang) -> ShapedTable<'a, Row<'a>> {
    let id = text("id", "id", "Id, the same as long as record and sentence are", "编号").of(|_: &Row<'_>| Value::Null); // once it is unique
    let table = Table::new(vec![id]).with(what_fields()).with(where_fields()).with(how_much_fields(lang)).with(ground_fields());
    ShapedTable {
        table,
        id: Box::new(|i: &Row<'a>| id_of(i)),
        shape: Box::new(|i: &Row<'a>| Shape::Point(at(i).unwrap_or_default())),
    }
}

/// The issues of the layer, in the order of the table.
pub fn points(issues: &Issues) -> Vec<&Issue> {
    rows(issues).filter(|i| at(i).is_some()).collect()
}

/// West, south, east, north of issues.
pub fn bbox(issues: &[&Issue]) -> Option<[f64; 4]> {
    bbox_of(issues.iter().filter_map(|i| at(i)))
}

/// Where an issue stands.
fn at(issue: &Issue) -> Option<LonLat> {
    LonLat::try_from(issue.at.ground_e7?).ok()
}

/// A fingerprint of what it is about and says, not of the row that it was read from, which moves with others.
fn id_of(i: &Issue) -> String {
    let mut hash = Sha256::new();
    for part in [Some(i.layer.as_str()), Some(i.code.as_str()), i.at.file.as_deref(), i.at.id.as_deref(), i.at.field.as_deref()] {
        hash.update(part.unwrap_or_default());
        hash.update([0]);
    }
    hash.update(i.message.as_str());
    i.at.ground_e7.into_iter().flatten().for_each(|e7| hash.update(e7.to_le_bytes()));
    [i.code.as_str(), "-", &hex(&hash.finalize()[..6])].concat()
}

/// Its rows, in the order layer, file, feature.
pub fn rows(issues: &Issues) -> impl Iterator<Item = &Issue> {
    issues.sorted().into_iter()
}

fn what_fields<'a>() -> Vec<Field<'a, Row<'a>>> {
    let severity = "refused (not used), warning (used, look at it) or note (left out on purpose)";
    vec![
        text("layer", "layer", "Layer", "图层")
            .words(Layer::ALL.map(Layer::as_str))
            .of(|i: &Row<'_>| Value::Word(i.layer.as_str())),
        text("issue", "issue", "What happened", "问题代码")
            .words(IssueCode::ALL.iter().map(|c| c.as_str()))
            .of(|i: &Row<'_>| Value::Word(i.code.as_str())),
        text("severity", "severity", severity, "严重程度")
            .words(Severity::ALL.map(Severity::as_str))
            .of(|i: &Row<'_>| Value::Word(i.code.severity().as_str())),
    ]
}

fn where_fields<'a>() -> Vec<Field<'a, Row<'a>>> {
    let whole = "it concerns more than one place";
    let number = |n: Option<u64>| Value::opt(n, |v| Value::Integer(v as i64));
    let words = |text: &Option<String>| Value::opt(text.clone(), Value::Text);
    vec![
        text("file", "file", "File", "文件").or_null(whole).of(move |i: &Row<'_>| words(&i.at.file)),
        integer("feature", "feature", "", "Feature or row, from 1", "要素序号")
            .or_null(whole)
            .of(move |i: &Row<'_>| number(i.at.feature)),
        text("record_id", "record_id", "Id of the record", "记录编号").or_null("none").of(move |i: &Row<'_>| words(&i.at.id)),
        text("field", "field", "Field", "字段").or_null("the whole record").of(move |i: &Row<'_>| words(&i.at.field)),
        integer("line", "line", "", "Line, from 1", "行号").or_null("not a text table").of(move |i: &Row<'_>| number(i.at.line)),
    ]
}

fn ground_fields<'a>() -> Vec<Field<'a, Row<'a>>> {
    let nowhere = "it is not known where, or in more than one place";
    let degrees = |of: fn(LonLat) -> f64| move |i: &Row<'_>| Value::opt(at(i), |at| Value::Real(of(at)));
    let lon =
        ("Longitude (WGS 84) of the record: its position, or the first of its line or area", "经度（记录位置或其首个坐标）");
    let lat = ("Latitude of the same", "纬度");
    vec![
        text("county_code", "county", "Code of the county that it lies in, or is about", "所在县代码")
            .or_null("it lies in no county, or it is not known where")
            .of(|i: &Row<'_>| Value::opt(i.county.clone(), Value::Text)),
        real("lon", "lon", "degrees", lon.0, lon.1).or_null(nowhere).of(degrees(LonLat::lon)),
        real("lat", "lat", "degrees", lat.0, lat.1).or_null(nowhere).of(degrees(LonLat::lat)),
    ]
}

fn how_much_fields<'a>(lang: Lang) -> Vec<Field<'a, Row<'a>>> {
    vec![
        integer("count", "count", "count", "Records it stands for", "记录数").of(|i: &Row<'_>| Value::Integer(i.count as i64)),
        real("length_km", "length_km", "km", "Road length concerned", "涉及道路里程").of(|i: &Row<'_>| Value::km(i.length_mm)),
        text("message", "message", "What is wrong", "说明")
            .of(move |i: &Row<'_>| Value::Text(said(&i.message, lang).into_owned())),
        text("what_to_do", "to_do", "What to do", "处理建议")
            .of(move |i: &Row<'_>| Value::Text(said(i.code.next(), lang).into_owned())),
        text("title_zh", "title_zh", "What happened, in Chinese", "问题名称")
            .of(|i: &Row<'_>| Value::Text(i.code.zh().to_owned())),
    ]
}
