//! `chargegap diff OLD NEW --report DIR` of two rounds: what each cause did.

use super::common::Session;
use super::diff::DiffArgs;
use super::money::money_json;
use super::round::{beside, remembered};
use super::speech::shown;
use crate::config::RoundFile;
use crate::error::{Error, Location, Result, path_text, printable_line};
use crate::files::atomic::AtomicFolder;
use crate::files::kind::ROUND_FOLDER;
use crate::files::lang::Lang;
use crate::finished::Finished;
use crate::folder::write_causes;
use crate::page::diff::DiffSide;
use crate::results::accepted::AcceptedFault;
use crate::results::applied::ListChange;
use crate::results::causes::{Cause, Causes, CountyCauses};
use crate::results::comparison::Comparison;
use crate::results::hand_funded::said_of;
use crate::results::money::number;
use crate::round::causes::{CauseOptions, causes, side};
use crate::round::list::crosswalk;
use crate::round::work::Work;
use crate::tables::cause_words::name_of;
use crate::tables::causes::status;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What is said of the causes.
pub struct CausesTold {
    /// For scripts.
    pub json: Value,
    /// For people.
    pub text: String,
}

/// Computes the causes and writes them; returns what is to be said of them.
///
/// # Errors
/// Usage, when the folders are no rounds or their round files are not known; as the rounds.
pub fn write(
    ([old, new], compared): ([&Finished; 2], &Comparison),
    report: &Path,
    args: &DiffArgs,
    session: &Session<'_>,
) -> Result<CausesTold> {
    for f in [old, new] {
        if f.manifest["format"] != ROUND_FOLDER {
            let next = "name two folders that `chargegap round` or `chargegap merge` wrote, or leave out --report";
            return Err(Error::usage("causes can be told apart between rounds only", next).at(Location::file(path_text(&f.path))));
        }
    }
    let files = match &args.rounds {
        Some(list) => [list[0].clone(), list[1].clone()],
        None => [round_file(old)?, round_file(new)?],
    };
    let folder = AtomicFolder::create(report, args.overwrite)?;
    let work = Work::open(&beside(report)?)?;
    session.progress.stage("layers");
    let mut asked = [RoundFile::read(&files[0])?, RoundFile::read(&files[1])?];
    // each reads what the other names, so that one cause can be changed at a time
    let columns = |i: usize| asked[i].rank.columns().into_iter().map(str::to_owned).collect();
    let both: [std::collections::BTreeSet<String>; 2] = [columns(1), columns(0)];
    asked.iter_mut().zip(both).for_each(|(file, also)| file.rank.also_read = also);
    let read = |f: &Finished, file: RoundFile| {
        let kept = beside(&f.path).ok().filter(|w| w.is_dir()).map(|w| Work::open(&w)).transpose()?;
        side(file, kept, &f.manifest)
    };
    let [first, second] = asked;
    let mut rounds = [read(old, first)?, read(new, second)?];
    let after = rounds[1].file.clone();
    let recoded = crosswalk(&after, &mut rounds[1].all)?;
    let options = CauseOptions {
        threads: rayon::current_num_threads(),
        work: &work,
        on_stage: &|s| session.progress.stage(s),
        on_done: &|done, all| session.progress.counties(done, all),
    };
    let mut found = causes(&rounds, &recoded, &options)?;
    found.accepted = compared.accepted.clone();
    found.joined = compared.joined.clone();
    found.funded_though = compared.funded_though.clone();
    same_as_then(&found, [old, new], &files)?;
    same_money(&found, compared, &old.path)?;
    let names = [old.name(), new.name()];
    let sides = [DiffSide { name: &names[0], manifest: &old.manifest }, DiffSide { name: &names[1], manifest: &new.manifest }];
    write_causes(&found, sides, args.common.lang.or_else(|| new.lang()).unwrap_or_default(), folder)?;
    Ok(CausesTold { json: as_json(&found), text: text(&found, report, session.lang()) })
}

fn as_json(c: &Causes) -> Value {
    let though = |code: &str| Some(said_of(&c.funded_though, code).en).filter(|said| !said.is_empty());
    let county = |x: &CountyCauses| {
        let by = |cause: Cause| {
            json!({
                "cause": cause.as_str(), "funding_change": x.money_by(cause).map(number), "rank_change": x.moved_by(cause),
                "score_change": x.points_by(cause),
            })
        };
        let (m, parts) = (x.money(), x.parts());
        let [old, new] = m.amounts().map(|v| v.map(|v| number(v as i64)));
        json!({
            "code": x.code,
            "old_code": x.old_code,
            "funding": m.funding().as_str(), "funding_old": old, "funding_new": new, "funding_change": m.change().map(number),
            "status": status(x), "funded_though": though(&x.code),
            "score_change_own": parts.map(|p| p.own_points), "score_change_scale": parts.map(|p| p.scale_points),
            "rank_change_own": parts.map(|p| p.own_places), "rank_change_scale": parts.map(|p| p.scale_places),
            "rank_change_others": parts.map(|p| p.others_places),
            "causes": Cause::ALL.map(by),
            "main_cause": x.main_cause().map(Cause::as_str),
            "selection_cause": x.selected_by().map(Cause::as_str),
        })
    };
    json!({
        "order": Cause::ALL.map(Cause::as_str),
        "differ": c.differ.iter().map(|x| x.as_str()).collect::<Vec<_>>(),
        "list": c.list.as_ref().map(ListChange::json),
        "accepted": c.accepted.all.iter().map(AcceptedFault::json).collect::<Vec<_>>(),
        "money": money_json(&c.money),
        "counties": c.counties.iter().map(county).collect::<Vec<_>>(),
        "stations": c.stations.len(), "stations_elsewhere": c.stations_elsewhere,
    })
}

fn round_file(f: &Finished) -> Result<PathBuf> {
    let known = remembered(&f.path).filter(|p| p.is_file());
    known.ok_or_else(|| {
        let next = "give --rounds OLD.toml NEW.toml; the inputs must be there too";
        Error::usage("it is not known which round file the folder was made with", next).at(Location::file(path_text(&f.path)))
    })
}

/// What is said of money is one set of figures: that of the folders is that of the rounds computed again.
fn same_money(found: &Causes, compared: &Comparison, old: &Path) -> Result<()> {
    let told: BTreeMap<&str, _> = compared.counties.iter().map(|c| (c.code.as_str(), c.money.unwrap_or_default())).collect();
    let other = |c: &&CountyCauses| told.get(c.code.as_str()).is_some_and(|m| m.grants != c.money().grants);
    let Some(county) = found.counties.iter().find(other) else { return Ok(()) };
    let what = format!("computed again, county {} gets another sum than selection.csv says", county.code);
    let next = "give the round files with --rounds OLD.toml NEW.toml, with the inputs as they were then, or run the round again";
    Err(Error::input(what, next).at(Location::file(path_text(old))))
}

/// Both ends, computed again, must be what the folders say; else the causes would explain something else.
fn same_as_then(found: &Causes, folders: [&Finished; 2], files: &[PathBuf; 2]) -> Result<()> {
    for ((round, folder), file) in found.ends.iter().zip(folders).zip(files) {
        let mut rows = round.assessment.ranking.rows.iter();
        for row in folder.table("ranking.csv")?.rows() {
            let (code, rank) = (row.code("county_code")?, row.whole("rank")?);
            let now = rows.next().map(|r| (round.members[r.county].county.code.clone(), r.rank.map(u64::from)));
            if now != Some((code.clone(), rank)) {
                let file = path_text(file);
                let what = format!("computed again with {file}, county {code} is not in the place that ranking.csv gives it");
                let next = "give the round files with --rounds OLD.toml NEW.toml, with the inputs as they were then, or run the round again";
                return Err(Error::input(what, next).at(Location::file(path_text(&folder.path))));
            }
        }
    }
    Ok(())
}

fn text(c: &Causes, report: &Path, lang: Lang) -> String {
    let line = |text: String| shown(&text, lang) + "\n";
    let mut s = String::new();
    let differ: Vec<&str> = c.differ.iter().map(|x| x.as_str()).collect();
    let order: Vec<&str> = Cause::ALL.iter().map(|x| x.as_str()).collect();
    s += &line(format!("causes, changed one at a time in this order: {}", order.join(", ")));
    s += &line(format!("that differ: {}", if differ.is_empty() { "none".to_owned() } else { differ.join(", ") }));
    let [old, new] = &c.money.currencies;
    if old != new {
        let typed =
            |currency: &str| if currency.is_empty() { "not set".to_owned() } else { format!("\"{}\"", printable_line(currency)) };
        s += &line(format!("the money is called otherwise: {} -> {}; sums are not subtracted", typed(old), typed(new)));
    }
    for cause in &c.differ {
        let moved = c.counties.iter().filter(|x| x.moved_by(*cause).is_some_and(|m| m != 0)).count();
        let money = c.counties.iter().filter(|x| x.money_by(*cause).is_some_and(|m| m != 0)).count();
        s += &format!("  {}", line(format!("{}: {money} counties with other funding, {moved} moved", cause.as_str())));
        if *cause == Cause::Selection {
            let told = c.list.iter().flat_map(ListChange::lines);
            s += &told.map(|said| format!("    {}\n", printable_line(said.of(lang)))).collect::<String>();
        }
    }
    let most: Vec<String> = c
        .stations
        .iter()
        .filter(|x| x.gained[1] + x.lost[1] > 0)
        .take(5)
        .map(|x| printable_line(&format!("{} ({}, {} people)", name_of(x), x.change.as_str(), x.gained[1].max(x.lost[1]))))
        .collect();
    if !most.is_empty() {
        s += &line(format!("stations that did most: {}", most.join("; ")));
    }
    s + if lang == Lang::Zh { "已写入：" } else { "written: " } + &path_text(report) + "\n"
}
