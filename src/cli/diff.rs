//! `chargegap diff OLD NEW`.

use super::common::{CommonFlags, Session};
use super::money::{money_cells, money_json, money_text};
use super::round_diff::CausesTold;
use super::speech::shown;
use crate::error::{Result, path_text, printable_line};
use crate::files::lang::Lang;
use crate::files::messages::{said, word};
use crate::files::whole_file::{refuse_existing, write_output};
use crate::finished::Finished;
use crate::finished::compare::compare;
use crate::results::accepted::AcceptedFault;
use crate::results::applied::ListChange;
use crate::results::comparison::{Comparison, CountyChange};
use crate::results::hand_funded::HandFundedTold;
use crate::results::money::{MoneyChange, number};
use crate::tables::diff;
use clap::Args;
use comfy_table::{CellAlignment, Table};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Counties shown on the terminal.
const SHOWN: usize = 40;

/// Arguments of `diff`.
#[derive(Debug, Args)]
#[command(
    after_help = "Of two rounds money comes first: who gains funding, loses it or keeps it, by the size of the change. Then come counties that came or\nwent, then by how far they moved, then by code. Exit code 0 whenever the two could be compared.\n\nColumns of the table (-o), a row a county of either folder:\n  county_code, old_code     the county, and its code in OLD where that is another\n  name, name_zh             its name\n  funding                   gained, lost, kept_more, kept_less, kept, joined (several counties of OLD, with\n                            their sum), none; empty where OLD or NEW is no round\n  funding_old, funding_new  what each round gives it\n  funding_change            new less old sum\n  status                    moved, stayed, other_funding (in the same place), joined (several counties of OLD),\n                            newly_ranked, no_longer_ranked, only_in_old, only_in_new\n  rank_old, rank_new        place, empty where it is not ranked\n  rank_change               new less old place: below 0 is up\n  score_old, score_new      score, 0 to 100; of counties of one folder only are scores comparable\n  score_change              new less old score\n  indicator                 the one whose points changed most\n  indicator_points_change   by how much\n  band_changes              funding lines where its band differs: \"line: old > new\"\n  accepted_faults           faults of one of the rounds that bear on it, with who accepted them\n  funded_though             what stands against it where a round funds it by hand, with the round\n  funded_though_zh          the same in Chinese\n\nExamples:\n  chargegap diff out/2025 out/2026\n  chargegap diff out/isle-of-man out/heavier -o moved.csv\n  chargegap diff out/round-2025 out/round-2026 --report out/why-2026"
)]
pub struct DiffArgs {
    /// The old run, round or ranking folder.
    pub old: PathBuf,
    /// The new run, round or ranking folder.
    pub new: PathBuf,
    /// Table of all counties to write.
    #[arg(short, long, value_name = "DIFF.CSV")]
    pub out: Option<PathBuf>,
    /// Of two rounds: also compute both again with one cause changed at a time, and write what each did to this folder, as tables,
    /// GeoJSON and a page.
    #[arg(long, value_name = "DIR")]
    pub report: Option<PathBuf>,
    /// Round files of OLD and NEW [default: those that they were made with].
    #[arg(long, num_args = 2, value_names = ["OLD.TOML", "NEW.TOML"], requires = "report")]
    pub rounds: Option<Vec<PathBuf>>,
    /// Replace DIFF.CSV, and DIR if it is such a folder.
    #[arg(long)]
    pub overwrite: bool,
    #[command(flatten)]
    pub common: CommonFlags,
}

/// Runs it.
///
/// # Errors
/// A folder that is none of ours or was changed after it was written.
pub fn diff(args: &DiffArgs) -> Result<u8> {
    let session = Session::start(&args.common)?;
    args.out.as_ref().map_or(Ok(()), |out| refuse_existing(out, args.overwrite))?;
    let (old, new) = (Finished::open(&args.old)?, Finished::open(&args.new)?);
    let c = compare(&old, &new)?;
    let causes =
        args.report.as_ref().map(|report| super::round_diff::write(([&old, &new], &c), report, args, &session)).transpose()?;
    if let Some(out) = &args.out {
        write_output(out, "table", args.overwrite, |w| diff::table().csv(w, diff::rows(&c)))?;
    }
    let json = || {
        let mut json = as_json(&c);
        if let Some(CausesTold { json: causes, .. }) = &causes {
            json["causes"] = causes.clone();
        }
        json
    };
    let above = causes.as_ref().map_or("", |told| told.text.as_str());
    session.answer(json, || text(&c, [&args.old, &args.new].map(|p| path_text(p)), above, session.lang()))?;
    Ok(0)
}

/// `causes` is what is said of them, where they were asked for: money comes before.
fn text(c: &Comparison, [old, new]: [String; 2], causes: &str, lang: Lang) -> String {
    let line = |text: String| shown(&text, lang) + "\n";
    let pick = |en: &'static str, zh: &'static str| if lang == Lang::Zh { zh } else { en };
    let mut s = format!("{} -> {}\n", printable_line(&old), printable_line(&new));
    for told in &c.funded_though {
        let head = match told.what.though.is_of_gates() {
            true => pick("GATES    ", "申报条件  "),
            false => pick("BY HAND  ", "人工设定  "),
        };
        s += &format!("{head}{}\n", printable_line(told.said().of(lang)));
    }
    if c.is_nothing() {
        let what = match &c.money {
            Some(_) => format!("nothing differs: the same settings, inputs, money and places of {} counties", c.counties.len()),
            None => format!("nothing differs: the same settings, inputs, and places of {} counties", c.counties.len()),
        };
        return s + &line(what) + causes;
    }
    if let Some(money) = &c.money {
        s += &money_text(money, lang);
    }
    s += causes;
    for said in &c.joined {
        s += &format!("{}{}\n", pick("JOINED   ", "合并  "), printable_line(said.of(lang)));
    }
    for said in c.list.iter().filter(|_| causes.is_empty()).flat_map(ListChange::lines) {
        s += &format!("{}{}\n", pick("list     ", "名单  "), printable_line(said.of(lang)));
    }
    for (i, fault) in c.accepted.all.iter().enumerate() {
        s += &format!("{}[{}] {}\n", pick("fault    ", "问题  "), i + 1, printable_line(fault.said().of(lang)));
    }
    for x in &c.settings {
        let side = |v: &Option<String>| match v {
            None => pick("not set", "未设置").to_owned(),
            Some(json) => printable_line(&setting_value(&x.key, json, lang)),
        };
        s += &format!("{}{}: {} -> {}\n", pick("setting  ", "设置  "), printable_line(&x.key), side(&x.old), side(&x.new));
    }
    for x in &c.inputs {
        let side = |v: &Option<String>| {
            v.as_ref().map_or(pick("not read", "未读取").to_owned(), |sha| printable_line(sha.get(..12).unwrap_or(sha)))
        };
        s += &format!(
            "{}{} {}: {} -> {}\n",
            pick("input    ", "输入  "),
            x.role.split('+').map(|role| role_word(role, lang)).collect::<Vec<_>>().join("+"),
            printable_line(&x.path),
            side(&x.old),
            side(&x.new)
        );
    }
    if c.settings.is_empty() && c.inputs.is_empty() {
        s += &line("no setting and no input differs".to_owned());
    }
    let changed: Vec<&CountyChange> = c.changed().collect();
    if changed.is_empty() {
        return s + &line(format!("no county differs, of {}", c.counties.len()));
    }
    s += &format!("{}\n", table(&changed[..changed.len().min(SHOWN)], lang));
    if changed.len() > SHOWN {
        s += &line(format!("… {} more: give -o DIFF.CSV", changed.len() - SHOWN));
    }
    s + &line(format!("{} of {} counties differ, {} in place", changed.len(), c.counties.len(), moved(c)))
}

/// A setting as JSON; why a county may not be ranked is a sentence, in the language of the reader.
fn setting_value(key: &str, json: &str, lang: Lang) -> String {
    let reason = serde_json::from_str::<String>(json).ok().filter(|_| key.starts_with("rank.eligibility.except."));
    reason.map_or_else(|| json.to_owned(), |reason| Value::from(said(&reason, lang)).to_string())
}

/// What a file supplies, for people; files have the English word.
fn role_word(role: &str, lang: Lang) -> String {
    let chinese = match (lang, role) {
        (Lang::Zh, "region") => "地区文件",
        (Lang::Zh, "osm") => "OSM 数据",
        (Lang::Zh, "county_table") => "县属性表",
        (Lang::Zh, "crosswalk") => "代码对照表",
        (Lang::Zh, "traffic") => "交通量观测",
        (Lang::Zh, "flows") => "车流表",
        (Lang::Zh, "applicants") => "申报登记表",
        (Lang::Zh, "county_list") => "申报县名单",
        (Lang::Zh, "check") => "检查结果",
        (Lang::Zh, "goalposts") => "目标值",
        (Lang::Zh, "goalposts_source") => "目标值依据",
        (Lang::Zh, "document") => "文件依据",
        _ => return word(&printable_line(role), lang),
    };
    chinese.to_owned()
}

/// A band at a funding line, for people.
fn band_word(band: &str, lang: Lang) -> String {
    let chinese = match (lang, band) {
        (Lang::Zh, "certain") => "稳入",
        (Lang::Zh, "contested") => "待定",
        (Lang::Zh, "out") => "不入",
        _ => return printable_line(band),
    };
    chinese.to_owned()
}

fn moved(c: &Comparison) -> usize {
    c.changed().filter(|x| x.rank[0] != x.rank[1]).count()
}

fn table(changed: &[&CountyChange], lang: Lang) -> Table {
    let mut table = Table::new();
    table.load_style(super::TABLE);
    let with_money = changed.iter().any(|c| c.money.is_some());
    let mut header = vec!["code", "county", "rank", "change", "score", "most by (points)", "lines"];
    let mut chinese = vec!["代码", "县", "名次", "变化", "得分", "主要指标（分）", "入围线"];
    if with_money {
        header.splice(2..2, ["funding", "money"]);
        chinese.splice(2..2, ["资金变化", "资金"]);
    }
    table.set_header(if lang == Lang::Zh { chinese } else { header });
    for c in changed {
        let pair = |[old, new]: [Option<String>; 2]| {
            let side = |v: Option<String>| v.unwrap_or_else(|| "–".to_owned());
            format!("{} -> {}", side(old), side(new))
        };
        let band = |(line, old, new): &(String, String, String)| {
            format!("{}: {} -> {}", printable_line(line), band_word(old, lang), band_word(new, lang))
        };
        let bands: Vec<String> = c.bands.iter().map(band).collect();
        let mut row = vec![
            printable_line(&c.code),
            printable_line(if lang == Lang::Zh && !c.name_zh.is_empty() { &c.name_zh } else { &c.name }),
            pair(c.rank.map(|r| r.map(|v| v.to_string()))),
            c.rank_change().map_or_else(
                || word(&c.status.as_str().replace('_', " "), lang),
                |by| if by == 0 { "0".to_owned() } else { format!("{by:+}") },
            ) + &c.accepted.iter().map(|i| format!(" [{}]", i + 1)).collect::<String>(),
            pair(c.score.map(|s| s.map(|v| format!("{v:.1}")))),
            c.most.as_ref().map_or(String::new(), |(key, by)| format!("{} {by:+.1}", printable_line(key))),
            bands.join(", "),
        ];
        if with_money {
            row.splice(2..2, money_cells(c.money.unwrap_or_default(), lang));
        }
        table.add_row(row);
    }
    let first = if with_money { 3 } else { 2 };
    for i in first..5 + first - 2 {
        if let Some(column) = table.column_mut(i) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn as_json(c: &Comparison) -> Value {
    let side = |v: &Option<String>| v.as_deref().map_or(Value::Null, |t| serde_json::from_str(t).unwrap_or_default());
    json!({
        "same": c.is_nothing(),
        "settings": c.settings.iter().map(|s| json!({ "key": s.key, "old": side(&s.old), "new": side(&s.new) })).collect::<Vec<_>>(),
        "inputs": c.inputs.iter().map(|i| json!({ "role": i.role, "path": i.path, "old_sha256": i.old, "new_sha256": i.new })).collect::<Vec<_>>(),
        "list": c.list.as_ref().map(ListChange::json),
        "joined": c.joined.iter().map(|b| json!({ "what": b.en, "what_zh": b.zh })).collect::<Vec<_>>(),
        "accepted": c.accepted.all.iter().map(AcceptedFault::json).collect::<Vec<_>>(),
        "funded_though": c.funded_though.iter().map(HandFundedTold::json).collect::<Vec<_>>(),
        "money": c.money.as_ref().map(money_json),
        "counties": c.counties.iter().map(|x| json!({
            "code": x.code, "old_code": x.old_code, "name": x.name,
            "funding": x.money.map(|m| m.funding().as_str()),
            "funding_old": x.money.and_then(|m| m.amounts()[0]).map(|m| number(m as i64)),
            "funding_new": x.money.and_then(|m| m.amounts()[1]).map(|m| number(m as i64)),
            "funding_change": x.money.and_then(MoneyChange::change).map(number),
            "status": x.status.as_str(), "rank_old": x.rank[0], "rank_new": x.rank[1],
            "rank_change": x.rank_change(), "score_old": x.score[0], "score_new": x.score[1],
            "indicator": x.most.as_ref().map(|m| &m.0), "indicator_points_change": x.most.as_ref().map(|m| m.1),
            "accepted": x.accepted.iter().map(|i| c.accepted.all[*i].json()).collect::<Vec<_>>(),
            "funded_though": (!x.funded_though.en.is_empty()).then_some(&x.funded_though.en),
            "band_changes": x.bands.iter().map(|(line, old, new)| json!({ "line": line, "old": old, "new": new })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use clap::Args;

    #[test]
    fn help_names_every_column() {
        let help = super::DiffArgs::augment_args(clap::Command::new("diff")).render_long_help().to_string();
        for column in crate::tables::diff::table().columns() {
            assert!(help.contains(&column.name), "{}", column.name);
        }
    }
}
