//! `gates.csv`: a row an applicant of a round and gate of the programme that it applies for: met, not met or not known, with the value and
//! what is asked for.

use super::parts::Heads;
use super::{applicants, ranking};
use crate::files::csv_table::CsvRow;
use crate::files::lang::Both;
use crate::files::rules::Others;
use crate::files::schema::Value;
use crate::files::table::{Table, text};
use crate::programme::{GateAnswer, Met};
use crate::results::Round;

/// Its file.
pub const FILE: &str = "gates.csv";

/// What the page of a county shows of it.
pub const HEADS: Heads = &[
    ("programme", ["Programme", "项目"]),
    ("asks", ["Gate", "条件"]),
    ("asked", ["Asked", "要求"]),
    ("value", ["Value", "数值"]),
    ("verdict", ["Verdict", "结论"]),
    ("because", ["Because, or what is not given", "原因或缺少的数据"]),
];

/// A gate held against a county, with the county's name.
pub type GateRow<'a> = (&'a str, &'a GateAnswer);

const NOT_KNOWN: &str = "it is not known";

/// The table.
pub fn table<'a>() -> Table<'a, GateRow<'a>> {
    let pick = |get: fn(&GateAnswer) -> &str| move |r: &GateRow<'_>| Value::text_or_null(get(r.1));
    let of = |get: fn(&GateAnswer) -> Option<&[String; 2]>, k: usize| {
        move |r: &GateRow<'_>| Value::opt(get(r.1), |both| Value::Text(both[k].clone()))
    };
    let met = "every gate that is met has none";
    Table::new(vec![
        text("county_code", "county", "County code as text", "县代码（文本）")
            .of(|r: &GateRow<'_>| Value::Text(r.1.code.clone())),
        text("name", "name", "Name", "名称").or_null("not known").of(|r: &GateRow<'_>| Value::text_or_null(r.0)),
        text("programme", "programme", "Name of the programme", "项目").of(pick(|g| &g.programme)),
        text("gate", "gate", "The gate: kind, joint, or the name of a figure or fact", "条件：kind、joint 或数值、事实的名称")
            .of(pick(|g| &g.gate)),
        text("asks", "asks", "What the gate is", "条件内容（英文）").or_null("not given").of(pick(|g| &g.text[0])),
        text("asks_zh", "asks_zh", "What the gate is, in Chinese", "条件内容（中文）")
            .or_null("not given")
            .of(pick(|g| &g.text[1])),
        text("asked", "asked", "What is asked for", "要求（英文）").of(pick(|g| &g.asked[0])),
        text("asked_zh", "asked_zh", "The same in Chinese", "要求（中文）").of(pick(|g| &g.asked[1])),
        text("value", "value", "What the county has", "本县数值（英文）").or_null(NOT_KNOWN).of(of(|g| g.value.as_ref(), 0)),
        text("value_zh", "value_zh", "The same in Chinese", "本县数值（中文）")
            .or_null(NOT_KNOWN)
            .of(of(|g| g.value.as_ref(), 1)),
        text("verdict", "verdict", "met, not_met or cannot_be_told", "结论：达到、未达到、无法判断")
            .words(Met::ALL.map(Met::as_str))
            .of(|r: &GateRow<'_>| Value::Word(r.1.met.as_str())),
        text("because", "because", "Why it is not met, or which field is to be given", "未达到的原因或缺少的数据（英文）")
            .or_null(met)
            .of(of(|g| g.because.as_ref(), 0)),
        text("because_zh", "because_zh", "The same in Chinese", "未达到的原因或缺少的数据（中文）")
            .or_null(met)
            .of(of(|g| g.because.as_ref(), 1)),
    ])
    .rule("who does not meet a gate is not ranked, and verdicts are those of the values and of applicants.csv", follows)
}

/// What the table of applicants says of a county; of one that applies in several rows the first that says it.
fn eligible<'a>(code: &str, others: &'a Others) -> String {
    let found: Vec<CsvRow<'a>> = match others.row(applicants::FILE, &[("county_code", code)]) {
        Ok(row) => row.into_iter().collect(),
        Err(_) => {
            others.table(applicants::FILE).into_iter().flat_map(|t| t.rows()).filter(|r| r.get("county_code") == code).collect()
        }
    };
    found.iter().map(|r| r.get("eligible")).find(|e| !e.is_empty()).unwrap_or_default().to_owned()
}

fn follows(row: &CsvRow<'_>, others: &Others) -> crate::error::Result<bool> {
    let (code, met) = (row.text("county_code")?, row.text("verdict")?);
    let why = !row.get("because").is_empty();
    let ranked = others.row(ranking::FILE, &[("county_code", &code)])?.is_some_and(|r| !r.get("rank").is_empty());
    let all = eligible(&code, others);
    let reached = reached(&row.text("value")?, &row.text("asked")?);
    Ok(match met.as_str() {
        "met" => !why && !row.get("value").is_empty() && reached != Some(false),
        "not_met" => why && !ranked && matches!(all.as_str(), "not_met" | "") && reached != Some(true),
        _ => why && all != "met",
    })
}

/// Whether a figure reaches what is asked for; none where no number is asked for.
fn reached(value: &str, asked: &str) -> Option<bool> {
    let number = |text: &str| text.split(' ').next()?.parse::<f64>().ok();
    Some(number(value)? >= number(asked.strip_prefix("at least ")?)?)
}

/// Its rows, by code; the gates of a county in their order.
pub fn rows<'a>(r: Round<'a>) -> impl Iterator<Item = GateRow<'a>> + 'a {
    let Round { results, part } = r;
    part.gates.iter().map(move |answer| {
        let county = results.members.binary_search_by(|m| m.county.code.as_str().cmp(&answer.code)).ok();
        let registered = || part.applicants.iter().find(|a| a.code == answer.code).map(|a| a.name.as_str());
        let name = county.map(|i| results.members[i].county.name.as_str()).or_else(registered);
        (name.unwrap_or_default(), answer)
    })
}

/// All gates together: the first that is not met, else the first that is not known.
pub fn together<'a>(gates: impl Iterator<Item = &'a GateAnswer>) -> Option<Met> {
    Met::worst(gates.map(|g| g.met))
}

/// All gates in a line.
pub fn lines<'a>(gates: impl Iterator<Item = &'a GateAnswer>) -> Both {
    Both::join(&gates.map(line).collect::<Vec<_>>(), ["; ", "；"])
}

/// A gate in a line.
pub fn line(g: &GateAnswer) -> Both {
    let [en, zh] = [0, 1].map(|k| {
        let unknown = ["not known", "不详"][k];
        let value = g.value.as_ref().map_or(unknown, |v| &v[k]);
        let asked = &g.asked[k];
        let (met, name) = (g.met.names()[k], g.name()[k]);
        match k {
            0 => format!("{name}: {met} ({value}; asked: {asked})"),
            _ => format!("{name}：{met}（{value}；要求：{asked}）"),
        }
    });
    Both::new(en, zh)
}
