//! A table with the counties' attributes, joined to their polygons by code, over a crosswalk of codes that have changed.
//!
//! What joins is joined; every polygon without a row and every row without a polygon is listed. Nothing is split: where
//! one old county became several, its people are nobody's. Nor are the columns that `[rank]` names added up over rows: a
//! share or a price has no sum, and a header does not say which it is.

use super::codes::Known;
use super::columns;
use super::contradict::Contradictions;
use super::county::{County, plain_code};
use super::decimals::{Judge, Style, judged};
use super::fields::{Attributes, FieldMap, MOST_PEOPLE};
use super::formats::sheet::{self, Needed};
use super::formats::{Origin, SourceFile};
use super::headers;
use super::record::Columns;
use crate::config::How;
use crate::config::RegionFile;
use crate::config::named_columns::NamedColumns;
use crate::config::region_file::CountyTable;
use crate::config::toml_text::nearest;
use crate::error::{Error, Location, Result, path_text};
use crate::issue::{IssueCode, Issues, Layer};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// A row of the table.
#[derive(Clone, Debug, Default)]
struct TableRow {
    name: String,
    population: Option<u64>,
    columns: BTreeMap<String, f64>,
    at: Location,
    /// Another row with the code, and what the two say of that in which they differ.
    differs: Option<(Location, String)>,
}

impl TableRow {
    /// In what another row of the same code says something else: how both put it.
    fn unlike(&self, other: &Self) -> Option<String> {
        let shown = |value: Option<String>| value.unwrap_or_else(|| "nothing".to_owned());
        let people = |row: &Self| shown(row.population.map(|p| p.to_string()));
        if self.population != other.population {
            return Some(format!("people {} and {}", people(self), people(other)));
        }
        let columns: BTreeSet<&String> = self.columns.keys().chain(other.columns.keys()).collect();
        let value = |row: &Self, column: &str| shown(row.columns.get(column).map(f64::to_string));
        let odd = columns.into_iter().find(|column| self.columns.get(*column) != other.columns.get(*column))?;
        Some(format!("\"{odd}\" {} and {}", value(self, odd), value(other, odd)))
    }
}

/// A row whose code no county of its region has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowLeft {
    /// The code.
    pub code: String,
    /// The name beside it, or the code again.
    pub name: String,
    /// Where it stands.
    pub at: Location,
}

/// What became of a table.
#[derive(Debug)]
pub struct Joined {
    /// What its files turned out to be, the table first.
    pub origins: Vec<Origin>,
    /// Rows that no county has.
    pub left: Vec<RowLeft>,
}

/// Refuses a `[rank]` or `[demand]` that names columns of a table that is not there.
///
/// # Errors
/// Usage, with the first key that names one.
pub fn require(region: &RegionFile) -> Result<()> {
    match region.named_columns().by_key.into_iter().next() {
        Some((key, column)) if region.county_table.is_none() => Err(Error::usage(
            format!(
                "[{}] names the column \"{column}\", and the region has no [county_table]",
                key.split('.').next().unwrap_or_default()
            ),
            "give [county_table] with a path, or leave the key out",
        )
        .at(Location { file: region.source.as_deref().map(path_text), ..Location::default() }.field(key))),
        _ => Ok(()),
    }
}

/// Joins the table to the counties and fills their population and the columns that are named.
///
/// # Errors
/// Input, when a file cannot be read, has no code column or not one that is named, or not one row joins.
pub fn join(
    spec: &CountyTable,
    named: &NamedColumns<'_>,
    files: (&SourceFile, Option<&SourceFile>),
    counties: &mut [County],
    issues: &mut Issues,
) -> Result<Joined> {
    let fixed = Style::of(spec.decimal.as_deref(), spec.thousands.as_deref(), "county_table")?;
    let ((rows, population_asked), origin) =
        judged((fixed, "county_table"), issues, &mut |judge, issues| read_rows((spec, named), files.0, counties, judge, issues))?;
    let mut origins = vec![origin];
    let mut recoded = BTreeMap::new();
    if let Some(file) = files.1 {
        let (pairs, origin) = read_crosswalk(file, spec.crosswalk_sheet.as_deref(), issues)?;
        // The codes that it leads to may have lost their zeros too.
        let codes: BTreeSet<&str> = counties.iter().map(|c| c.code.as_str()).collect();
        recoded = pairs.into_iter().map(|(old, new)| (old, Known::of(&new, &codes).code().unwrap_or(new))).collect();
        origins.push(origin);
    }
    // A county's rows: its own, and those of the counties that went into it.
    let codes: BTreeSet<&str> = counties.iter().map(|c| c.code.as_str()).collect();
    let mut of_county: BTreeMap<String, Vec<(&String, &TableRow)>> = BTreeMap::new();
    let mut left = Vec::new();
    let old: BTreeSet<&str> = recoded.keys().map(String::as_str).collect();
    for (code, row) in &rows {
        if codes.contains(code.as_str()) {
            refuse_two_answers(code, row)?;
            of_county.entry(code.clone()).or_default().push((code, row));
        } else if let Some(new) = recoded.get(&known_old(code, &old, row, issues)).filter(|new| codes.contains(new.as_str())) {
            refuse_two_answers(code, row)?;
            of_county.entry(new.clone()).or_default().push((code, row));
            let what = format!("the row \"{}\" ({code}) was joined to {new}, as the crosswalk says", row.name);
            issues.push(Layer::Counties, IssueCode::Recoded, row.at.clone().id(code.as_str()), what);
        } else {
            left.push(RowLeft { code: code.clone(), name: row.name.clone(), at: row.at.clone() });
        }
    }
    if of_county.is_empty() {
        let next = "map code under [county_table] fields, and check that both use the same codes";
        let shown = files.0.shown.as_str();
        return Err(Error::input("not one row of the table joins a county", next).at(Location::file(shown)));
    }
    for RowLeft { code, name, at } in &left {
        let what = format!("no county has the code {code} (\"{name}\")");
        issues.push(Layer::Counties, IssueCode::RowWithoutCounty, at.clone().id(code.as_str()), what);
    }
    for county in counties {
        county.population_asked = population_asked;
        match of_county.get(&county.code) {
            Some(rows) => fill(county, rows, &named.set(), issues),
            None => {
                let what = format!("the table has no row for {} \"{}\"", county.code, county.name);
                issues.push(Layer::Counties, IssueCode::CountyWithoutRow, county.source.clone(), what);
            }
        }
    }
    Ok(Joined { origins, left })
}

/// Refuses two rows of a county that say different things: which one counts is not known.
fn refuse_two_answers(code: &str, row: &TableRow) -> Result<()> {
    let Some((second, what)) = &row.differs else { return Ok(()) };
    let what = format!("the code {code} stands twice in the table, and the rows differ: {what} (the other: {})", row.at);
    Err(Error::input(what, "keep the row that is right, and delete the other").at(second.clone().id(code)))
}

/// The old code of a crosswalk that a row means; what a spreadsheet made of it is told.
fn known_old(code: &str, old: &BTreeSet<&str>, row: &TableRow, issues: &mut Issues) -> String {
    match Known::of(code, old) {
        Known::MadeNumber(known) => {
            let what = format!("the table has {code} where the crosswalk has the code {known}; they were joined");
            issues.push(Layer::Counties, IssueCode::CodeMadeNumber, row.at.clone().id(known.as_str()), what);
            known
        }
        _ => code.to_owned(),
    }
}

/// Adds up the people of a county's rows. Named columns are taken from a row that is alone, and from no other.
fn fill(county: &mut County, rows: &[(&String, &TableRow)], wanted: &BTreeSet<&str>, issues: &mut Issues) {
    let known: Option<Vec<u64>> = rows.iter().map(|(_, r)| r.population).collect();
    county.population = known.map(|list| list.iter().sum());
    if let [(_, row)] = rows {
        county.columns.clone_from(&row.columns);
        return;
    }
    let joined: Vec<&str> = rows.iter().map(|(code, _)| code.as_str()).collect();
    let Some((_, first)) = rows.first() else { return };
    for column in wanted {
        let what = format!("the rows {} join {}, and \"{column}\" cannot be added up", joined.join(", "), county.code);
        let at = first.at.clone().id(county.code.as_str()).field(*column);
        issues.push(Layer::Counties, IssueCode::ColumnOfSeveralRows, at, what);
    }
}

/// Rows by code, and whether the table has a column of people.
type Rows = (BTreeMap<String, TableRow>, bool);

fn read_rows(
    (spec, named): (&CountyTable, &NamedColumns<'_>),
    file: &SourceFile,
    counties: &[County],
    judge: Rc<Judge>,
    issues: &mut Issues,
) -> Result<(Rows, Origin)> {
    let map = FieldMap::new("county_table", headers::COUNTY_TABLE, &spec.fields)?.with_judge(judge);
    let codes: BTreeSet<&str> = counties.iter().map(|c| c.code.as_str()).collect();
    let (sheet, encoding, delimiter) = (spec.sheet.as_deref(), spec.encoding.as_deref(), spec.delimiter.as_deref());
    let how = How { sheet, encoding, delimiter, ..How::default() };
    let own: Vec<String> = spec.fields.values().cloned().collect();
    let also: Vec<String> = named.read.iter().map(|c| (*c).to_owned()).collect();
    let needed = Needed { columns: &map, code: "code", wanted: &own, also: &also };
    let mut rows: BTreeMap<String, TableRow> = BTreeMap::new();
    let wanted = &named.read;
    let mut header = BTreeSet::new();
    let (mut read, twofold) = (0u64, Contradictions::default());
    let (format, notes) = sheet::each_row(file, &how, needed, &mut |place, row| {
        read += 1;
        let at = Location::file(file.shown.as_str()).feature(place.number).line(place.line, 0);
        let row = match row {
            Ok(row) => row,
            Err(why) => return issues.push(Layer::Counties, IssueCode::RowWithoutCounty, at, why),
        };
        map.observe(&row);
        if header.is_empty() {
            header = row.keys().cloned().collect(); // every row of a table has all of its columns
        }
        twofold.see(&map, &row, &at);
        let Some((code, row)) = coded_row(&row, &map, (&codes, wanted), at.clone(), issues) else { return };
        match rows.entry(code) {
            Entry::Vacant(free) => drop(free.insert(row)),
            Entry::Occupied(mut first) => {
                let (code, unlike) = (first.key().clone(), first.get().unlike(&row));
                if unlike.is_none() {
                    let what = format!("the code {code} stands twice in the table, and both rows say the same");
                    issues.push(Layer::Counties, IssueCode::RowTwice, at.clone().id(code), what);
                }
                let differs = unlike.map(|what| (at, what));
                let first = first.get_mut();
                first.differs = first.differs.take().or(differs);
            }
        }
    })?;
    notes.into_iter().for_each(|note| note.push(&file.shown, Layer::Counties, issues));
    map.require_seen("county_table", read)?;
    require_columns(named, &header, &file.shown)?;
    let ranked = |column: &str| wanted.contains(column);
    columns::tell(&map, headers::COUNTY_TABLE, (Layer::Counties, "county_table"), &file.shown, &ranked, issues);
    twofold.tell(Layer::Counties, issues);
    refuse_negative(named, &rows)?;
    if rows.is_empty() {
        let next = format!("map code under [county_table] fields (looked for: {})", map.columns("code"));
        return Err(Error::input("the table has no row with a code", next).at(Location::file(file.shown.as_str())));
    }
    Ok(((rows, map.has_column("population")), Origin { format, crs: String::new() }))
}

/// Nobody is paid less than nothing, and no county has less than no vehicles: what was meant is not known.
fn refuse_negative(named: &NamedColumns<'_>, rows: &BTreeMap<String, TableRow>) -> Result<()> {
    let of = |key: &str| key.ends_with("cost_column") || key.starts_with("demand.");
    for (code, row) in rows {
        for (key, column) in named.by_key.iter().filter(|(key, _)| of(key)) {
            let Some(value) = row.columns.get(*column).filter(|v| **v < 0.0) else { continue };
            let at = row.at.clone().id(code.as_str()).field(*column);
            if key.starts_with("demand.") {
                let what = format!("\"{column}\" of {code} is {value}, which is less than none");
                return Err(Error::input(what, "write the number, or leave the cell empty where it is not known").at(at));
            }
            let what = format!("the cost of {code} is {value}, which is less than nothing");
            return Err(Error::input(what, "write the cost, or leave the cell empty where it is not known").at(at));
        }
    }
    Ok(())
}

/// A row and its code; one without a code is listed.
fn coded_row(
    row: &Columns,
    map: &FieldMap,
    (codes, wanted): (&BTreeSet<&str>, &BTreeSet<&str>),
    at: Location,
    issues: &mut Issues,
) -> Option<(String, TableRow)> {
    let named = map.get(row, "name").or_else(|| map.get(row, "code"));
    let name = named.unwrap_or_default().into_owned();
    let plain = map.get(row, "code").and_then(|code| plain_code(&code));
    let Some(code) = plain.filter(|c| c.chars().any(|d| d.is_ascii_digit())) else {
        issues.push(Layer::Counties, IssueCode::RowWithoutCounty, at, format!("the row \"{name}\" has no code"));
        return None;
    };
    let told = known_code(&code, codes, &at, issues)?;
    let population = population(row, map, &at, issues);
    let columns = figures(row, map, wanted, &at.clone().id(told.as_str()), issues);
    Some((told, TableRow { name, population, columns, at, differs: None }))
}

/// The code that a row means; what a spreadsheet made of it is told.
fn known_code(code: &str, codes: &BTreeSet<&str>, at: &Location, issues: &mut Issues) -> Option<String> {
    let found = Known::of(code, codes);
    match &found {
        Known::Same(_) => {}
        Known::Written(known) => {
            let what = format!("\"{code}\" was taken as the code {known}");
            issues.push(Layer::Counties, IssueCode::Recoded, at.clone().id(known.as_str()), what);
        }
        Known::MadeNumber(known) => {
            let what = format!("the table has {code} where the county has the code {known}; they were joined");
            issues.push(Layer::Counties, IssueCode::CodeMadeNumber, at.clone().id(known.as_str()), what);
        }
        Known::Lost => {
            let what = format!("the code {code} is a rounded number: its last digits are lost, and it joins no county");
            issues.push(Layer::Counties, IssueCode::RowWithoutCounty, at.clone(), what);
        }
    }
    found.code()
}

/// How tables write that a figure is not known, beside an empty cell; in lower case.
const UNKNOWN: [&str; 17] =
    ["na", "n/a", "#n/a", "null", "none", "nan", "nil", "-", "--", "—", "–", "…", "...", "..", "无", "不详", "未知"];

fn is_unknown(text: &str) -> bool {
    UNKNOWN.contains(&text.to_lowercase().as_str())
}

fn require_columns(named: &NamedColumns<'_>, header: &BTreeSet<String>, shown: &str) -> Result<()> {
    let Some((key, column)) = named.by_key.iter().find(|(_, column)| !header.contains(*column)) else {
        return Ok(());
    };
    if header.is_empty() {
        return Ok(()); // not one row was read, and that is told of
    }
    let all = || format!("the table has: {}", header.iter().map(String::as_str).collect::<Vec<_>>().join(", "));
    let near = nearest(column, header.iter().map(String::as_str));
    let next = near.map_or_else(all, |near| format!("did you mean \"{near}\"?"));
    Err(Error::input(format!("the table has no column \"{column}\""), next).at(Location::file(shown).field(key.as_str())))
}

/// The row's figures of the named columns.
fn figures(row: &Columns, map: &FieldMap, wanted: &BTreeSet<&str>, at: &Location, issues: &mut Issues) -> BTreeMap<String, f64> {
    let mut known = BTreeMap::new();
    for column in wanted {
        let Some(text) = row.text(column).filter(|text| !is_unknown(text)) else { continue };
        let value = row.held(column).or_else(|| map.judge().read(at, column, &text, false));
        if let Some(value) = value {
            known.insert((*column).to_owned(), value);
        } else {
            let what = format!("\"{text}\" is not a number");
            issues.push(Layer::Counties, IssueCode::BadNumber, at.clone().field(*column), what);
        }
    }
    known
}

fn population(row: &Columns, map: &FieldMap, at: &Location, issues: &mut Issues) -> Option<u64> {
    let read = map.people(row, "population", MOST_PEOPLE.saturating_mul(20), at)?;
    if let Some(text) = read.as_ref().err().filter(|text| !is_unknown(text)) {
        let what = format!("\"{text}\" is not a number of people");
        issues.push(Layer::Counties, IssueCode::BadNumber, at.clone().field(map.meant("population")), what);
    }
    read.ok().map(u64::from)
}

/// Codes that changed, old to new, from a table with `old_code` and `new_code`. What became several is not among them.
///
/// # Errors
/// Input, when the file cannot be read or holds no pair.
pub fn read_crosswalk(file: &SourceFile, sheet: Option<&str>, issues: &mut Issues) -> Result<(BTreeMap<String, String>, Origin)> {
    let map = FieldMap::new("county_table", headers::CROSSWALK, &BTreeMap::new())?;
    let mut pairs: BTreeMap<String, String> = BTreeMap::new();
    let mut split = BTreeSet::new();
    let needed = Needed { columns: &map, code: "old", wanted: &[], also: &[] };
    let (format, notes) = sheet::each_row(file, &How { sheet, ..How::default() }, needed, &mut |place, row| {
        let at = Location::file(file.shown.as_str()).feature(place.number).line(place.line, 0);
        let pair = row.ok().and_then(|r| {
            map.observe(&r);
            Some((plain_code(&map.get(&r, "old")?)?, plain_code(&map.get(&r, "new")?)?))
        });
        let Some((old, new)) = pair else {
            let what = "the row of the crosswalk has no old_code and new_code";
            return issues.push(Layer::Counties, IssueCode::RowWithoutCounty, at, what);
        };
        if pairs.get(&old).is_some_and(|before| *before != new) {
            let what = format!("{old} became several counties; its row is not split and joins none");
            issues.push(Layer::Counties, IssueCode::Recoded, at.id(old.as_str()), what);
            split.insert(old);
        } else {
            pairs.insert(old, new);
        }
    })?;
    notes.into_iter().for_each(|note| note.push(&file.shown, Layer::Counties, issues));
    pairs.retain(|old, _| !split.contains(old));
    if pairs.is_empty() {
        let next = "give a table with the columns old_code, new_code";
        return Err(Error::input("the crosswalk has no pair of codes", next).at(Location::file(file.shown.as_str())));
    }
    Ok((pairs, Origin { format, crs: String::new() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn county(code: &str) -> County {
        let shape = geo::MultiPolygon::new(vec![]);
        County::drawn([code.to_owned(), code.to_owned(), String::new()], (shape, true), Location::default())
    }

    type Found = Vec<(String, u64)>;

    /// The counties after a join, and the issues of each code.
    fn join_texts(table: &str, crosswalk: Option<&str>, codes: &[&str], rank: &str) -> Result<(Vec<County>, Found)> {
        let dir = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            std::fs::write(dir.path().join(name), text).unwrap();
            SourceFile { path: dir.path().join(name), shown: name.to_owned() }
        };
        let table = file("t.csv", table);
        let crosswalk = crosswalk.map(|text| file("c.csv", text));
        let mut counties: Vec<County> = codes.iter().map(|c| county(c)).collect();
        let mut issues = Issues::default();
        let region = RegionFile::parse(rank, "r").unwrap();
        join(&CountyTable::default(), &region.named_columns(), (&table, crosswalk.as_ref()), &mut counties, &mut issues)?;
        let found = issues.by_code().into_iter().map(|((_, code), (n, _))| (code.as_str().to_owned(), n)).collect();
        Ok((counties, found))
    }

    fn joined(table: &str, crosswalk: Option<&str>, codes: &[&str]) -> (Vec<Option<u64>>, Found) {
        let (counties, found) = join_texts(table, crosswalk, codes, "").unwrap();
        (counties.iter().map(|c| c.population).collect(), found)
    }

    /// `[rank]` that names the column `cost`.
    const COST: &str = "[[rank.lines]]\nname = \"a\"\nbudget = 1\ncost_column = \" cost \"\n";

    fn costs(counties: &[County]) -> Vec<Option<f64>> {
        counties.iter().map(|c| c.columns.get("cost").copied()).collect()
    }

    #[test]
    fn rows_without_polygon_and_polygons_without_row_are_listed() {
        let (people, issues) = joined("code,name,population\n500238,a,100\n500271,zone,5\nNA,x,1\n", None, &["500238", "500229"]);
        assert_eq!(people, [Some(100), None]);
        assert_eq!(issues, [("county_without_row".to_owned(), 1), ("row_without_county".to_owned(), 2)]);
    }

    #[test]
    fn old_codes_go_where_the_crosswalk_says_and_split_ones_nowhere() {
        // Two counties merged into 3; 4 was split into 5 and 6.
        let table = "code,name,population\n1,a,10\n2,b,20\n3,c,30\n4,d,40\n";
        let (people, issues) = joined(table, Some("old_code,new_code\n1,3\n2,3\n4,5\n4,6\n"), &["3", "5", "6"]);
        assert_eq!(people, [Some(60), None, None]);
        assert!(issues.contains(&("recoded".to_owned(), 3)), "{issues:?}");
        assert!(issues.contains(&("row_without_county".to_owned(), 1)), "{issues:?}");
    }

    #[test]
    fn leading_zeros_that_a_spreadsheet_took_come_back_and_are_told() {
        let (people, issues) = joined("code,population\n1001,7\n53019.0,8\n5.3E+04,9\n", None, &["01001", "53019"]);
        assert_eq!(people, [Some(7), Some(8)]);
        assert_eq!(issues, [("row_without_county".to_owned(), 1), ("code_made_number".to_owned(), 2)]);
    }

    #[test]
    fn named_columns_are_read_and_others_are_not() {
        let table = "code,other, cost \n1,5,\"1,234.5\"\n2,5,3\n3,5,12 600\n4,5,0\n";
        let (counties, issues) = join_texts(table, None, &["1", "2", "3", "4", "5"], COST).unwrap();
        assert_eq!(costs(&counties), [Some(1234.5), Some(3.0), Some(12_600.0), Some(0.0), None]);
        assert!(counties.iter().all(|c| !c.columns.contains_key("other")));
        // the fifth county has no row, and nothing asks for the column "other"
        assert_eq!(issues, [("county_without_row".to_owned(), 1), ("unused_column".to_owned(), 1)]);
    }

    #[test]
    fn what_is_not_known_is_silent_and_what_is_no_number_is_told() {
        let table = "code,cost\n1,\n2,NA\n3,-\n4,—\n5,much\n6,inf\n7,NaN\n8,3 kW\n9,1e999\n";
        let (counties, issues) = join_texts(table, None, &["1", "2", "3", "4", "5", "6", "7", "8", "9"], COST).unwrap();
        assert_eq!(costs(&counties), [None; 9]);
        // Rows 5, 6, 8 and 9; NaN is how tables write that there is none.
        assert_eq!(issues, [("bad_number".to_owned(), 4)]);
    }

    #[test]
    fn columns_of_several_rows_are_not_added_up() {
        // 1 and 3 are one county now, 2 is only called 4.
        let table = "code,population,cost\n1,10,1\n2,20,2\n3,30,3\n";
        let (counties, issues) = join_texts(table, Some("old_code,new_code\n1,3\n2,4\n"), &["3", "4"], COST).unwrap();
        assert_eq!(costs(&counties), [None, Some(2.0)]);
        assert_eq!(counties[0].population, Some(40));
        assert_eq!(issues, [("recoded".to_owned(), 2), ("column_of_several_rows".to_owned(), 1)]);
    }

    #[test]
    fn a_header_that_is_not_there_is_refused_with_the_nearest() {
        let err = join_texts("code,Cost\n1,5\n", None, &["1"], COST).unwrap_err();
        assert_eq!((err.exit_code(), err.next()), (1, "did you mean \"Cost\"?"));
        assert_eq!(
            (err.location().file.as_deref(), err.location().field.as_deref()),
            (Some("t.csv"), Some("rank.lines[0].cost_column"))
        );
    }

    #[test]
    fn columns_need_a_table() {
        let err = require(&RegionFile::parse(COST, "r").unwrap()).unwrap_err();
        assert_eq!((err.exit_code(), err.location().field.as_deref()), (2, Some("rank.lines[0].cost_column")));
        assert!(require(&RegionFile::parse(&format!("{COST}[county_table]\npath = \"t.csv\"\n"), "r").unwrap()).is_ok());
        assert!(require(&RegionFile::default()).is_ok());
    }
}
