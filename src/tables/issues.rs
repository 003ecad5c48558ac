//! `issues.csv`: what was refused, repaired or noticed in the input.

use crate::files::lang::Lang;
use crate::files::messages::said;
use crate::files::schema::Value;
use crate::files::table::{Field, Table, integer, real, text};
use crate::issue::{Issue, IssueCode, Issues, Layer, Severity};

/// Its file.
pub const FILE: &str = "issues.csv";

type Row<'a> = &'a Issue;

/// The table; messages, and what to do, are in a language.
pub fn table<'a>(lang: Lang) -> Table<'a, Row<'a>> {
    Table::new(what_fields()).with(where_fields()).with(how_much_fields(lang))
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
        text("code", "code", "What happened", "问题代码")
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

fn how_much_fields<'a>(lang: Lang) -> Vec<Field<'a, Row<'a>>> {
    vec![
        integer("count", "count", "count", "Records it stands for", "记录数").of(|i: &Row<'_>| Value::Integer(i.count as i64)),
        real("length_km", "length_km", "km", "Road length concerned", "涉及道路长度").of(|i: &Row<'_>| Value::km(i.length_mm)),
        text("message", "message", "What is wrong", "说明")
            .of(move |i: &Row<'_>| Value::Text(said(&i.message, lang).into_owned())),
        text("what_to_do", "to_do", "What to do", "处理建议")
            .of(move |i: &Row<'_>| Value::Text(said(i.code.next(), lang).into_owned())),
        text("title_zh", "title_zh", "What happened, in Chinese", "问题名称")
            .of(|i: &Row<'_>| Value::Text(i.code.zh().to_owned())),
    ]
}
