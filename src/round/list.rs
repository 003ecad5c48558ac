//! Which counties take part, which of them are a machine's share, and which of those are not finished.

use super::applicants;
use super::gates;
use super::gone;
use super::inputs::Together;
use super::merge::recode;
use super::names::of_applicants;
use super::plan::{Plan, Shard, batches};
use super::work::Work;
use crate::config::RoundFile;
use crate::county::CountyResult;
use crate::error::{Error, Location, Result, path_text};
use crate::issue::{IssueCode, Issues, Layer};
use crate::programme;
use crate::read::applicants::Applicant;
use crate::read::county_list::{ListedCounty, read_county_list};
use crate::read::county_table::read_crosswalk;
use crate::read::formats::SourceFile;
use crate::results::FinishedShard;
use crate::results::applied::AppliedList;
use crate::results::faults::{Fault, Listed};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Numbers of the counties that take part, in order; codes that the round names are brought up to date on the way.
///
/// # Errors
/// Input and usage: a list that cannot be read, a pattern that is none, no county left.
pub fn counties(file: &mut RoundFile, all: &mut Together) -> Result<Vec<u32>> {
    let patterns = patterns(file, all)?;
    let any = patterns.is_some();
    let patterns = patterns.unwrap_or_default();
    let mut asked = Vec::new();
    let mut met = vec![false; patterns.len()];
    let compiled: Vec<glob::Pattern> = patterns.iter().map(|p| pattern(file, p)).collect::<Result<_>>()?;
    for (i, county) in (0u32..).zip(&all.counties) {
        let mut takes_part = !any;
        for (p, met) in compiled.iter().zip(&mut met) {
            let here = p.matches(&county.code);
            *met |= here;
            takes_part |= here;
        }
        if takes_part {
            asked.push(i);
        }
    }
    let from = file.regions.counties.as_ref().map_or(0, Vec::len);
    let list = file.regions.county_list.as_deref().map(path_text).unwrap_or_default();
    let place = |i: usize| if i < from { file.name.as_str() } else { list.as_str() };
    for (i, p) in patterns.iter().enumerate().filter(|(i, _)| !met[*i]) {
        let at = Location::file(file.name.as_str()).field("regions.counties");
        all.issues.push(Layer::Counties, IssueCode::NotFoundInRegions, at, format!("no county has the code {p}"));
        all.faults.push(Fault::applicant_unknown(Listed { file: place(i), code: p, name: "" }));
    }
    for list in [0..from, from..patterns.len()] {
        let mut times: BTreeMap<String, Vec<String>> = BTreeMap::new();
        list.clone().for_each(|i| times.entry(patterns[i].clone()).or_default().push(patterns[i].clone()));
        let twice = times.iter().filter(|(_, t)| t.len() > 1);
        all.faults.extend(twice.map(|(code, times)| Fault::applicant_twice(code, place(list.start), times, &[])));
    }
    all.faults.extend(gone::faults(all, any.then_some(&compiled)));
    if asked.is_empty() {
        let next = "check the codes under [regions], and the fields of the county layers";
        let what = match patterns.first() {
            Some(first) => {
                format!("no county takes part in the round: of {} codes that it names none is there, as {first}", patterns.len())
            }
            None => "no county takes part in the round".to_owned(),
        };
        return Err(Error::input(what, next).at(Location::file(file.name.as_str())));
    }
    Ok(asked)
}

/// Patterns of the codes that take part, by the list and the patterns of the round; none where all do. Codes that the round names are
/// brought up to date on the way.
///
/// # Errors
/// Input and usage: a list or a crosswalk that cannot be read.
pub fn patterns(file: &mut RoundFile, all: &mut Together) -> Result<Option<Vec<String>>> {
    let pairs = crosswalk(file, all)?;
    let here = |code: &String| all.counties.binary_search_by(|c| c.code.cmp(code)).is_ok();
    all.recoded = pairs.iter().filter(|(_, new)| here(new)).map(|(old, new)| (old.clone(), new.clone())).collect();
    let new = |code: &str| pairs.get(code).cloned().unwrap_or_else(|| code.to_owned());
    recode(&mut file.rank, &new);
    file.appeals.iter_mut().for_each(|a| a.county = new(&a.county));
    programme::recode(&mut file.programme, &pairs, &file.name)?;
    if file.applicants.is_some() {
        let asked = applicants::take(file, all, &pairs)?;
        gates::take(file, all)?;
        return Ok(Some(asked));
    }
    let mut patterns: Vec<String> = file.regions.counties.clone().unwrap_or_default();
    let listed = county_list(file, all)?;
    let any = !patterns.is_empty() || file.regions.county_list.is_some();
    if !any {
        gates::tell_not_held(file, &mut all.issues)?;
    }
    if let Some(path) = &file.regions.county_list {
        let row = |l: &ListedCounty| {
            let (code, written, name) = (new(&l.code), l.code.clone(), l.name.clone());
            Applicant { line: l.line, code, written, name, ..Applicant::default() }
        };
        let rows: Vec<Applicant> = listed.iter().map(row).collect();
        all.faults.extend(of_applicants(&rows, &all.counties, &path_text(path), &mut all.issues));
    }
    patterns.extend(listed.into_iter().map(|l| l.code));
    let written = patterns.clone();
    patterns.iter_mut().for_each(|p| *p = new(p));
    all.list = any.then(|| {
        let path = file.regions.county_list.as_deref().map(path_text);
        let read = all.files.iter().find(|f| f.role == "county_list" && Some(&f.path) == path.as_ref());
        let from = if read.is_some() { "county_list" } else { "counties" };
        let pairs = patterns.iter().cloned().zip(written).collect();
        AppliedList::of(from, read.map(|f| (f.path.as_str(), f.sha256.as_str())), pairs)
    });
    Ok(any.then_some(patterns))
}

fn pattern(file: &RoundFile, text: &str) -> Result<glob::Pattern> {
    let at = || Location::file(file.name.as_str()).field("regions.counties");
    glob::Pattern::new(text).map_err(|e| Error::usage(format!("\"{text}\" is no pattern: {e}"), "use * and ?").at(at()))
}

/// Codes that changed, old to new, by the round's crosswalk.
///
/// # Errors
/// Input, when it cannot be read.
pub fn crosswalk(file: &RoundFile, all: &mut Together) -> Result<BTreeMap<String, String>> {
    let Some(path) = &file.regions.crosswalk else { return Ok(BTreeMap::new()) };
    let source = SourceFile { path: file.folder.join(path), shown: path_text(path) };
    let mut issues = Issues::default();
    let (pairs, origin) = read_crosswalk(&source, file.regions.crosswalk_sheet.as_deref(), &mut issues)?;
    whole_crosswalk(&issues)?;
    all.issues.absorb(issues);
    let print = crate::read::fingerprint(&source, "crosswalk")?;
    all.files.push(crate::read::InputFile { format: origin.format, ..print });
    // a code that a county still has is no old code
    let current = |code: &String| all.counties.binary_search_by(|c| c.code.cmp(code)).is_ok();
    Ok(pairs.into_iter().filter(|(old, _)| !current(old)).collect())
}

/// Refuses a workbook of which a part would be left out: a code that is not brought up to date takes a county out of the round, or another in.
fn whole_crosswalk(issues: &Issues) -> Result<()> {
    let in_part = [IssueCode::SheetNotRead, IssueCode::MergedRows, IssueCode::FormulaWithoutValue];
    let Some(issue) = issues.sorted().into_iter().find(|i| in_part.contains(&i.code)).cloned() else { return Ok(()) };
    let what = format!("the crosswalk of the round cannot be read whole: {}", issue.message);
    let next = "put all rows into one sheet or name it with crosswalk_sheet, unmerge cells, and write codes in place of formulas";
    Err(Error::input(what, next).at(issue.at))
}

/// The rows of the county list.
fn county_list(file: &RoundFile, all: &mut Together) -> Result<Vec<ListedCounty>> {
    let Some(path) = &file.regions.county_list else { return Ok(Vec::new()) };
    let source = SourceFile { path: file.folder.join(path), shown: path_text(path) };
    let known: BTreeSet<&str> = all.counties.iter().map(|c| c.code.as_str()).collect();
    let sheet = file.regions.county_list_sheet.as_deref();
    let (codes, origin) = read_county_list(&source, sheet, &known, &mut all.issues)?;
    let print = crate::read::fingerprint(&source, "county_list")?;
    all.files.push(crate::read::InputFile { format: origin.format, ..print });
    Ok(codes)
}

/// Numbers of the shards of the k-th of n parts, in order: a stretch of neighbours, about as heavy as each other part.
pub fn part(shards: &[Shard], all: &Together, part: Option<(usize, usize)>) -> Vec<usize> {
    let Some((k, n)) = part else { return (0..shards.len()).collect() };
    let lists = batches(shards, all);
    let order: Vec<usize> = lists.into_iter().flatten().collect();
    let total: usize = shards.iter().map(|s| s.edges + 1).sum();
    let mut before = 0usize;
    let mut mine = Vec::new();
    for i in order {
        // the part that the middle of it falls into
        let middle = before + shards[i].edges.div_ceil(2);
        if middle * n / total.max(1) == k - 1 {
            mine.push(i);
        }
        before += shards[i].edges + 1;
    }
    mine.sort_unstable();
    mine
}

/// Looks for the finished rows of some shards, by number, and puts them in their places in `found`; what is damaged is not there.
///
/// # Errors
/// Environment, when rows that are `due` are there and cannot be read; others then count as not there.
pub fn look(
    plan: &Plan,
    all: &Together,
    work: &Work,
    (wanted, due): (&[usize], bool),
    found: &mut [Option<FoundShard>],
) -> Result<()> {
    let one = |i: &usize| {
        let s = &plan.shards[*i];
        let found = work.finished_row(&all.counties[s.county as usize].code, &s.print);
        if due { found } else { Ok(found.unwrap_or(None)) }
    };
    let looked: Vec<Option<FoundShard>> = wanted.par_iter().map(one).collect::<Result<_>>()?;
    for (i, rows) in wanted.iter().zip(looked) {
        found[*i] = rows;
    }
    Ok(())
}

/// Rows of a shard: where they are, and the county's.
pub type FoundShard = (FinishedShard, CountyResult);
