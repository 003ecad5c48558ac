//! `selection.csv` follows from the ranking by `selection.asked` of the manifest, row by row; and, counted from its rows alone,
//! places, quotas and budget are kept.

use super::opened::{Opened, RemadeRanking};
use super::{Findings, close, hundredths};
use crate::config::round_file::SelectTable;
use crate::config::toml_text::from_values;
use crate::error::{Error, Location, Result, path_text};
use crate::files::csv_table::{CsvRow, CsvTable};
use crate::files::kind::FORMAT_VERSION;
use crate::files::schema::one_line;
use crate::finished::Finished;
use crate::issue::Issues;
use crate::rank::RankRow;
use crate::rank::limits::take_off;
use crate::rank::select::{Choice, UNKNOWN, Why, select};
use crate::tables::{lines, ranking, selection};
use std::collections::BTreeMap;

/// What a selection is held against.
struct SelectionTables<'o> {
    table: &'o CsvTable,
    /// `[select]`.
    asked: SelectTable,
    standing: &'o RemadeRanking,
    /// Made again from the ranking, by county.
    choices: Vec<Choice>,
    /// Why counties have no place; none where another version wrote the words, so that they may be others.
    not_rankable: Option<BTreeMap<String, String>>,
}

/// `[select]` as it was asked for.
pub(super) fn asked(folder: &Finished) -> Result<SelectTable> {
    from_values(folder.manifest["selection"]["asked"].clone()).map_err(|e| {
        let at = Location::file(path_text(&folder.path.join("manifest.json"))).field("selection.asked");
        Error::input(format!("the folder does not say how counties were selected: {e}"), "make the round again").at(at)
    })
}

/// Checks the table, where the folder holds it.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let (Some(table), Some(standing)) = (o.tables.table(selection::FILE), &o.standing) else { return Ok(()) };
    let asked = asked(&o.folder)?;
    let choices = select(&asked, &standing.ranking, &standing.evidence, &standing.settings);
    let not_rankable = if same_words(&o.folder) { o.tables.table(ranking::FILE).map(not_rankable).transpose()? } else { None };
    let books = SelectionTables { table, asked, standing, choices, not_rankable };
    check_rows(&books, findings)?;
    if let Some(lines) = o.tables.table(lines::FILE) {
        check_line(&books, lines, findings)?;
    }
    check_limits(&books, &o.folder, findings)
}

/// Whether this version wrote the words of a folder.
pub(super) fn same_words(folder: &Finished) -> bool {
    let m = &folder.manifest;
    m["chargegap_version"] == env!("CARGO_PKG_VERSION") && m["format_version"] == FORMAT_VERSION
}

fn not_rankable(ranking: &CsvTable) -> Result<BTreeMap<String, String>> {
    ranking.rows().map(|row| Ok((row.text("county_code")?, row.text("not_rankable")?))).collect()
}

/// Whether the words are the reason that the rule gives; words of another version are there at all.
fn same_reason(books: &SelectionTables<'_>, county: usize, row: &CsvRow<'_>) -> Result<[bool; 2]> {
    let there = [row.text("why")?, row.text("why_zh")?];
    let Some(reasons) = &books.not_rankable else { return Ok(there.map(|t| !t.is_empty())) };
    let standing = books.standing;
    let of = |i: usize| {
        let code = standing.evidence.units[i].code.as_str();
        let not_rankable = reasons.get(code).map(String::as_str).filter(|r| !r.is_empty());
        let (province, table) = (standing.settings.province(code), &standing.settings.table);
        selection::Known { code, province, not_rankable, select: &books.asked, table, lead: None }
    };
    let known = of(county);
    let lead = known.code_of_lead().and_then(|lead| standing.evidence.units.iter().position(|u| u.code == lead));
    let lead = lead.map(|i| (&books.choices[i], of(i)));
    let known = selection::Known { lead: lead.as_ref().map(|(choice, known)| (*choice, known)), ..known };
    let [en, zh] = selection::reason(&books.choices[county], &known).map(|t| one_line(&t));
    Ok([en == there[0], zh == there[1]])
}

/// Row by row, down the ranking.
fn check_rows(books: &SelectionTables<'_>, findings: &mut Findings) -> Result<()> {
    let last = LastSelected::of(books);
    let mut rows = books.table.rows();
    for want in &books.standing.ranking.rows {
        let code = &books.standing.evidence.units[want.county].code;
        let Some(row) = rows.next() else {
            findings.faults.push(format!("selection.csv: county {code} is missing"));
            continue;
        };
        if row.code("county_code")? != *code {
            let found = row.get("county_code");
            findings.faults.push(format!("selection.csv: county {found} stands where the ranking has {code}"));
            continue;
        }
        for column in others(books, &last, want, &row)? {
            let why = format!("selection.csv: {column} of county {code} does not follow from the ranking by selection.asked");
            findings.faults.push(why);
        }
    }
    findings.faults.extend(rows.map(|row| format!("selection.csv: county {} is not in the ranking", row.get("county_code"))));
    findings.checked.push(format!("the selection of {} counties follows from the ranking by its rule", books.choices.len()));
    Ok(())
}

/// Where the selection is a funding line too, those above the line are those selected.
fn check_line(books: &SelectionTables<'_>, lines: &CsvTable, findings: &mut Findings) -> Result<()> {
    if !has_line(books)? {
        return Ok(());
    }
    let number: BTreeMap<&str, usize> =
        books.standing.evidence.units.iter().enumerate().map(|(i, u)| (u.code.as_str(), i)).collect();
    let mut compared = 0;
    for row in lines.rows().filter(|row| row.get("line") == "selection") {
        let code = row.code("county_code")?;
        let selected = number.get(code.as_str()).is_some_and(|i| books.choices[*i].why == Why::Selected);
        compared += 1;
        if (row.cell("above")? == "true") != selected {
            findings.faults.push(format!("lines.csv: county {code} is on another side of the line than of the selection"));
        }
    }
    findings.checked.push(format!("{compared} counties are on the side of the line that the selection has them on"));
    Ok(())
}

/// Whether a funding line is the selection: a line of the user's can have its name and other limits.
fn has_line(books: &SelectionTables<'_>) -> Result<bool> {
    let table = &books.standing.settings.table;
    // the line is the rule alone; what was decided on money by hand is beside it
    if table.overrides.iter().any(|o| o.funded.is_some() || o.cost.is_some()) {
        return Ok(false);
    }
    let named = table.lines.iter().position(|l| l.name == "selection");
    let Some((i, asked)) = named.zip(books.asked.line()) else { return Ok(false) };
    let mut fitted = table.clone();
    fitted.lines[i] = asked;
    take_off(&mut fitted, &books.standing.evidence, "", &mut Issues::default())?;
    Ok(fitted.lines[i] == table.lines[i])
}

/// Lowest scores selected in their own right: in all, and by province.
struct LastSelected<'b>(Option<f64>, BTreeMap<&'b str, f64>);

impl<'b> LastSelected<'b> {
    fn of(books: &'b SelectionTables<'_>) -> Self {
        let (mut all, mut by_province) = (None, BTreeMap::new());
        let selected = books.standing.ranking.rows.iter().filter(|r| books.choices[r.county].why == Why::Selected);
        for (row, score) in selected.filter_map(|r| Some((r, r.score?))) {
            // down the ranking: the last one has the lowest
            all = Some(score);
            by_province.insert(books.standing.settings.province(&books.standing.evidence.units[row.county].code), score);
        }
        Self(all, by_province)
    }

    /// What a county that is not selected is held against.
    fn held_against(&self, province: &str, why: Why) -> Option<f64> {
        match why {
            Why::QuotaUsed => self.1.get(province).copied(),
            Why::NotRanked | Why::NoQuota | Why::CostUnknown | Why::BoundsOpen => None,
            Why::Selected | Why::WithLead | Why::ByHand | Why::Withheld => None,
            _ => self.0,
        }
    }
}

/// Columns of a row that are not what the rule says.
fn others(books: &SelectionTables<'_>, last: &LastSelected<'_>, want: &RankRow, row: &CsvRow<'_>) -> Result<Vec<&'static str>> {
    let (unit, choice) = (&books.standing.evidence.units[want.county], &books.choices[want.county]);
    let province = books.standing.settings.province(&unit.code);
    // a cost that is not known, and what is left where nothing was asked for, are empty cells
    let money = |m: Option<u64>| m.filter(|m| *m < UNKNOWN).map(|m| m as i64);
    // a county that ties with the last one selected, or was passed over with more, lacks no points
    let short = last.held_against(province, choice.why).zip(want.score).map(|(last, own)| last - own).filter(|s| *s > 0.0);
    let [same_why, same_why_zh] = same_reason(books, want.county, row)?;
    let same = [
        ("rank", row.whole("rank")? == want.rank.map(u64::from)),
        ("name", row.text("name")? == unit.name),
        ("province", row.text("province")? == province),
        ("rank_in_province", row.whole("rank_in_province")? == want.rank_in_province.map(u64::from)),
        ("score_0_100", close(row.number("score_0_100")?, want.score)),
        ("selected", row.cell("selected")? == choice.why.is_selected().to_string()),
        ("selection", row.cell("selection")? == choice.why.as_str()),
        ("why", same_why),
        ("why_zh", same_why_zh),
        ("cost", hundredths(row.number("cost")?) == money(choice.cost)),
        ("budget_left_before", hundredths(row.number("budget_left_before")?) == money(choice.left)),
        ("points_short", close(row.number("points_short")?, short)),
    ];
    Ok(same.into_iter().filter(|(_, same)| !same).map(|(column, _)| column).collect())
}

/// Counts from the rows alone: nothing of the rule is used.
fn check_limits(books: &SelectionTables<'_>, folder: &Finished, findings: &mut Findings) -> Result<()> {
    let (mut selected, mut taken, mut spent) = (0u64, BTreeMap::<String, usize>::new(), 0i64);
    for row in books.table.rows().filter(|r| r.get("selected") == "true") {
        selected += 1;
        spent += hundredths(row.number("cost")?).unwrap_or(0);
        if [Why::Selected, Why::ByHand].map(Why::as_str).contains(&row.get("selection")) {
            *taken.entry(row.text("province")?).or_default() += 1;
        }
    }
    let told = &folder.manifest["selection"];
    let faults = &mut findings.faults;
    if told["selected"].as_u64() != Some(selected) {
        faults.push(format!("selection.csv: {selected} counties are selected, and the manifest says {}", told["selected"]));
    }
    if hundredths(told["spent"].as_f64()) != books.asked.budget.map(|_| spent) {
        let spent = spent as f64 / 100.0;
        faults.push(format!("selection.csv: the selected cost {spent}, and the manifest says {}", told["spent"]));
    }
    let all: usize = taken.values().sum();
    if let Some(places) = books.asked.places.filter(|p| all > *p) {
        faults.push(format!("selection.csv: {all} are selected for {places} places"));
    }
    for (province, n) in &taken {
        let quota = books.asked.quotas.as_ref().map(|q| q.get(province).copied().unwrap_or(0));
        if let Some(quota) = quota.filter(|q| n > q) {
            faults.push(format!("selection.csv: {n} of province {province} are selected, and its quota is {quota}"));
        }
    }
    if let Some(budget) = hundredths(books.asked.budget).filter(|b| spent > *b) {
        let (spent, budget) = (spent as f64 / 100.0, budget as f64 / 100.0);
        faults.push(format!("selection.csv: the selected cost {spent}, and the budget is {budget}"));
    }
    findings.checked.push(format!("{selected} selected counties against places, quotas and budget"));
    Ok(())
}
