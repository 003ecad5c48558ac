//! The register of applicants: who takes part, who has withdrawn, who applies jointly, and who is in no region.

use super::inputs::Together;
use super::names::of_applicants;
use crate::config::RoundFile;
use crate::config::accept::is_real_day;
use crate::config::applicants::ApplicantsTable;
use crate::config::rank_table::JointTable;
use crate::error::{Error, Location, Result, path_text};
use crate::issue::{IssueCode, Issues, Layer};
use crate::read::applicants::{Applicant, Register, read_applicants};
use crate::read::formats::SourceFile;
use crate::read::{InputFile, fingerprint};
use crate::results::applied::AppliedList;
use crate::results::faults::{Fault, Listed};
use std::collections::{BTreeMap, BTreeSet};

/// Reads the register, and gives the codes of the counties that it names as patterns. Those that have withdrawn are computed and shown,
/// and not ranked; joint applications become those of the ranking.
///
/// # Errors
/// Input, when it cannot be read, or leads of leads are named.
pub fn take(file: &mut RoundFile, all: &mut Together, pairs: &BTreeMap<String, String>) -> Result<Vec<String>> {
    let Some(spec) = file.applicants.clone() else { return Ok(Vec::new()) };
    let shown = path_text(&spec.path);
    let (rows, sha256) = read(file, (&spec, &shown), all, pairs)?;
    let mut faults = Vec::new();
    let known: BTreeSet<String> = all.counties.iter().map(|c| c.code.clone()).collect();
    let book = Book::of(&rows, &known, &shown);
    let asked = book.asked(&mut all.issues, &mut faults);
    let (joint, mut except) = book.joint(&mut faults)?;
    book.withdrawn(&mut except);
    let list = AppliedList::of(
        "applicants",
        Some((&shown, &sha256)),
        rows.iter().map(|r| (r.code.clone(), r.written.clone())).collect(),
    );
    let withdrawn = book.by_code.keys().filter(|code| !book.stands(code)).map(|code| (*code).to_owned()).collect();
    all.list = Some(AppliedList { withdrawn, ..list });
    all.fallen = fallen(&rows, &|code| book.stands(code), &|lead| book.is_there(lead));
    file.rank.joint = joint;
    file.rank.eligibility.except.extend(except);
    all.faults.extend(faults);
    all.applicants = rows;
    if asked.is_empty() {
        let next = "check the codes of the register, and the fields of the county layers";
        return Err(Error::input("no county of the register takes part in the round", next).at(Location::file(shown)));
    }
    Ok(asked)
}

/// The rows with codes that are up to date, and the SHA-256 of the file; columns and names that look like something else are faults.
fn read(
    file: &RoundFile,
    (spec, shown): (&ApplicantsTable, &str),
    all: &mut Together,
    pairs: &BTreeMap<String, String>,
) -> Result<(Vec<Applicant>, String)> {
    let source = SourceFile { path: file.folder.join(&spec.path), shown: shown.to_owned() };
    let known: BTreeSet<&str> = all.counties.iter().map(|c| c.code.as_str()).collect();
    let Register { mut rows, origin, look_alike, status, has_withdrawn } =
        read_applicants(spec, &source, &known, &mut all.issues)?;
    in_order(&rows, shown)?;
    in_time(&rows, file.round.date.as_deref(), shown)?;
    let print = fingerprint(&source, "applicants")?;
    let sha256 = print.sha256.clone();
    all.files.push(InputFile { format: origin.format, ..print });
    let new = |code: &str| pairs.get(code).cloned().unwrap_or_else(|| code.to_owned());
    for row in &mut rows {
        row.code = new(&row.code);
        row.joint_lead = row.joint_lead.as_deref().map(new);
    }
    all.faults.extend(look_alike.iter().map(|l| Fault::register_column(shown, l)));
    all.faults.extend(status.iter().map(|s| Fault::register_status(shown, s, has_withdrawn)));
    all.faults.extend(of_applicants(&rows, &all.counties, shown, &mut all.issues));
    Ok((rows, sha256))
}

/// The rows of the register by code.
struct Book<'r> {
    rows: &'r [Applicant],
    by_code: BTreeMap<&'r str, Vec<usize>>,
    /// Codes of the counties of all regions.
    known: &'r BTreeSet<String>,
    shown: &'r str,
}

impl<'r> Book<'r> {
    fn of(rows: &'r [Applicant], known: &'r BTreeSet<String>, shown: &'r str) -> Self {
        let mut by_code: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        rows.iter().enumerate().for_each(|(i, r)| by_code.entry(&r.code).or_default().push(i));
        Self { rows, by_code, known, shown }
    }

    /// The first row of a code.
    fn first(&self, code: &str) -> Option<&'r Applicant> {
        self.by_code.get(code).map(|list| &self.rows[list[0]])
    }

    /// Whether an applicant stands: it does while one of its rows does.
    fn stands(&self, code: &str) -> bool {
        self.by_code.get(code).is_some_and(|list| list.iter().any(|i| self.rows[*i].withdrawn.is_none()))
    }

    fn takes_part(&self, code: &str) -> bool {
        self.stands(code) && self.known.contains(code)
    }

    /// Whether a lead has a county and a row of its own.
    fn is_there(&self, lead: &str) -> bool {
        self.known.contains(lead) && self.by_code.contains_key(lead)
    }

    /// The counties that are asked for, as patterns; who is listed twice, or in no region, is a fault.
    fn asked(&self, issues: &mut Issues, faults: &mut Vec<Fault>) -> Vec<String> {
        let mut asked = Vec::new();
        for (code, list) in &self.by_code {
            faults.extend((list.len() > 1).then(|| self.twice(code, list)));
            let first = &self.rows[list[0]];
            if self.known.contains(*code) {
                asked.push(glob::Pattern::escape(code));
            } else if self.stands(code) {
                // who has withdrawn is missed by nobody
                let at = Location::file(self.shown).line(first.line, 0);
                let what = format!("no county has the code {}", first.written);
                issues.push(Layer::Counties, IssueCode::NotFoundInRegions, at, what);
                faults.push(Fault::applicant_unknown(Listed { file: self.shown, code: &first.written, name: &first.name }));
            }
        }
        asked
    }

    fn twice(&self, code: &str, list: &[usize]) -> Fault {
        let time = |i: &usize| {
            let Applicant { line, written, name, .. } = &self.rows[*i];
            format!("line {line}: {written} {name}").trim_end().to_owned()
        };
        let says = |i: &usize| {
            let (row, or) = (&self.rows[*i], |text: &Option<String>| text.clone().unwrap_or_default());
            [or(&row.withdrawn), or(&row.joint_lead), row.applied.clone()].join("|")
        };
        let [times, says] = [list.iter().map(time).collect::<Vec<_>>(), list.iter().map(says).collect()];
        Fault::applicant_twice(code, self.shown, &times, &says)
    }

    /// Joint applications, and those whose lead does not take part, each with the reason.
    fn joint(&self, faults: &mut Vec<Fault>) -> Result<(Vec<JointTable>, BTreeMap<String, String>)> {
        let (mut joint, mut except) = (BTreeMap::<&str, BTreeSet<String>>::new(), BTreeMap::new());
        for row in self.rows.iter().filter(|r| self.takes_part(&r.code)) {
            let Some(lead) = row.joint_lead.as_deref() else { continue };
            if let Some(above) = self.first(lead).and_then(|l| l.joint_lead.as_deref()) {
                let what = format!("county {} applies with {lead}, which applies with {above}", row.code);
                let next = "name one lead for all counties of a joint application";
                return Err(Error::input(what, next).at(Location::file(self.shown).line(row.line, 0)));
            }
            if self.is_there(lead) {
                joint.entry(lead).or_default().insert(row.code.clone());
            } else {
                faults.push(Fault::joint_lead_missing(&row.code, &row.name, lead, self.shown));
                except.insert(row.code.clone(), format!("it applies with {lead}, which does not take part"));
            }
        }
        let named = |lead: &str| {
            let name = self.first(lead).map(|r| r.name.as_str()).filter(|n| !n.is_empty());
            name.unwrap_or(lead).to_owned()
        };
        let one = |(lead, members): (&str, BTreeSet<String>)| JointTable {
            name: named(lead),
            lead: lead.to_owned(),
            members: members.into_iter().collect(),
        };
        Ok((joint.into_iter().map(one).collect(), except))
    }

    /// Who has withdrawn, and the leads whose application falls with them: what was applied for together is there no more, and nobody has applied for
    /// the rest of it.
    fn withdrawn(&self, except: &mut BTreeMap<String, String>) {
        let gone = || self.rows.iter().filter(|r| !self.stands(&r.code));
        let day = |row: &'r Applicant| row.withdrawn.as_deref().unwrap_or_default();
        let mut own: BTreeMap<String, String> = BTreeMap::new();
        for row in gone().filter(|r| self.known.contains(&r.code)) {
            own.insert(row.code.clone(), withdrawn_words(day(row), &row.reason));
        }
        for row in gone() {
            let Some(lead) = row.joint_lead.as_deref().filter(|lead| self.takes_part(lead)) else { continue };
            own.entry(lead.to_owned()).or_insert_with(|| fallen_words(&row.code, day(row)));
        }
        for (code, why) in own {
            except.entry(code).or_insert(why);
        }
    }
}

/// Codes of applicants that stand, and whose application does not: a county of it has withdrawn, or who leads it does not take part.
fn fallen(rows: &[Applicant], stands: &dyn Fn(&str) -> bool, there: &dyn Fn(&str) -> bool) -> BTreeSet<String> {
    let lead = |r: &Applicant| r.joint_lead.clone().unwrap_or_else(|| r.code.clone());
    let withdrawn = rows.iter().filter(|r| !stands(&r.code)).map(lead);
    let missing = rows.iter().filter_map(|r| r.joint_lead.clone()).filter(|lead| !there(lead));
    let gone: BTreeSet<String> = withdrawn.chain(missing).collect();
    rows.iter().filter(|r| stands(&r.code) && gone.contains(&lead(r))).map(|r| r.code.clone()).collect()
}

/// Why an applicant that has withdrawn is not ranked.
fn withdrawn_words(day: &str, reason: &str) -> String {
    match (day, reason) {
        ("yes", "") => "it withdrew its application".to_owned(),
        ("yes", _) => format!("it withdrew its application: {reason}"),
        (_, "") => format!("it withdrew its application on {day}"),
        _ => format!("it withdrew its application on {day}: {reason}"),
    }
}

/// Why a lead is not ranked with which a county had applied that has withdrawn.
fn fallen_words(code: &str, day: &str) -> String {
    match day {
        "yes" => format!("its joint application falls with county {code}, which withdrew"),
        _ => format!("its joint application falls with county {code}, which withdrew on {day}"),
    }
}

/// Nobody withdraws before having applied.
fn in_order(rows: &[Applicant], shown: &str) -> Result<()> {
    let days = |r: &Applicant| Some([r.withdrawn.clone()?, r.applied.clone()]).filter(|days| days.iter().all(|d| is_real_day(d)));
    let odd = rows.iter().find_map(|r| Some((r, days(r).filter(|[withdrawn, applied]| withdrawn < applied)?)));
    let Some((row, [withdrawn, applied])) = odd else { return Ok(()) };
    let what = format!("county {} withdrew its application on {withdrawn}, before it applied on {applied}", row.written);
    let next =
        "correct one of the two days; where it applied again after it had withdrawn, its application stands: write no (否)";
    Err(Error::input(what, next).at(Location::file(shown).line(row.line, 0).field("withdrawn")))
}

/// No application and no withdrawal is later than the day that the round bears.
fn in_time(rows: &[Applicant], date: Option<&str>, shown: &str) -> Result<()> {
    let Some(date) = date else { return Ok(()) };
    for row in rows {
        let withdrawn = row.withdrawn.as_deref().unwrap_or_default();
        let (key, what) = match () {
            () if is_real_day(&row.applied) && row.applied.as_str() > date => {
                ("applied", format!("county {} applied on {}, and the round is of {date}", row.written, row.applied))
            }
            () if is_real_day(withdrawn) && withdrawn > date => (
                "withdrawn",
                format!("county {} withdrew its application on {withdrawn}, and the round is of {date}", row.written),
            ),
            () => continue,
        };
        let next = "correct the day in the register, or give [round] date the day on which the round was made again";
        return Err(Error::input(what, next).at(Location::file(shown).line(row.line, 0).field(key)));
    }
    Ok(())
}

/// Nobody who has withdrawn is funded by hand: which of the two holds is not known.
///
/// # Errors
/// Usage, with both days.
pub fn none_paid_that_withdrew(file: &RoundFile, rows: &[Applicant]) -> Result<()> {
    let register = file.applicants.as_ref().map(|a| path_text(&a.path)).unwrap_or_default();
    for (i, o) in file.rank.overrides.iter().enumerate().filter(|(_, o)| o.funded == Some(true)) {
        let own = || rows.iter().filter(|r| r.code == o.county);
        let Some(row) = own().find(|r| r.withdrawn.is_some()).filter(|_| own().all(|r| r.withdrawn.is_some())) else { continue };
        let (line, by, on, county) = (row.line, &o.by, &o.on, &o.county);
        let what = match row.withdrawn.as_deref() {
            Some(day) if is_real_day(day) => format!(
                "county {county} withdrew its application on {day} ({register}, line {line}), and the override of {by} of {on} funds it"
            ),
            _ => format!(
                "county {county} withdrew its application, on no day that is given ({register}, line {line}), and the override of {by} of {on} funds it"
            ),
        };
        let next = "take out the one that does not hold: the withdrawal in the register, or the override";
        return Err(Error::usage(what, next).at(Location::file(file.name.as_str()).field(format!("override[{i}].funded"))));
    }
    Ok(())
}
