//! `verify --recompute`: counties of a round made again from its inputs, and held against what the folder says of them.
//!
//! Nothing is believed that the round left behind: inputs are read anew, the network is built anew in a folder of its own, and each
//! county is computed by itself, not in the batch it was in.

use super::shards::{self, NamedShard};
use super::{Findings, ranking_again, round_file, verify};
use crate::config::RoundFile;
use crate::error::{Error, Location, Result, path_text};
use crate::files::kind as format;
use crate::files::kind::Kind;
use crate::files::scratch::ScratchFolder;
use crate::finished::Finished;
use crate::input;
use crate::measure::Timings;
use crate::read::{InputFile, hex};
use crate::results::PARTS;
use crate::results::faults::{Fault, FaultCode, Stage};
use crate::round::compute::{Manner, Source, compute};
use crate::round::merge::files;
use crate::round::plan::Shard;
use crate::round::run::{Laid, RoundOptions, lay};
use crate::round::work::Work;
use crate::tables;
use rayon::prelude::*;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// What is to be made again.
#[derive(Clone, Debug)]
pub struct Recomputation<'a> {
    /// The round file.
    pub round: &'a Path,
    /// How many counties; all where there are fewer.
    pub counties: usize,
    /// Decides which; the seed of the ranking where not given.
    pub seed: Option<u64>,
}

/// Checks a round folder, and holds it against its round file.
///
/// # Errors
/// As [`verify`]; usage, when the folder is of no round; as reading the round file and the list that it names.
pub fn against_round_file(folder: &Path, round: &Path) -> Result<Findings> {
    refuse_others(folder)?;
    let mut findings = verify(folder)?;
    if let Ok(finished) = Finished::open(folder) {
        round_file::check(&finished, &RoundFile::read(round)?, &mut findings)?;
        let again = ranking_again::with_draws(&finished, &mut findings);
        findings.fault(again);
    }
    Ok(findings)
}

/// Checks a round folder, then makes some of its counties again. Counties are made again only when the folder is as it was written.
///
/// # Errors
/// As [`verify`]; usage, when the folder is of no round; input, when it is of another round file or another version of chargegap;
/// as reading the round.
pub fn recompute(folder: &Path, asked: &Recomputation<'_>, on_stage: &dyn Fn(&'static str)) -> Result<Findings> {
    refuse_others(folder)?;
    let mut findings = verify(folder)?;
    if !findings.faults.is_empty() {
        findings.faults.push("no county was made again: the folder itself is not as it was written".to_owned());
        return Ok(findings);
    }
    let finished = Finished::open(folder)?;
    let file = RoundFile::read(asked.round)?;
    round_file::check(&finished, &file, &mut findings)?;
    let again = ranking_again::with_draws(&finished, &mut findings);
    findings.fault(again);
    if !findings.faults.is_empty() {
        findings.faults.push("no county was made again: the round file is not that of the folder".to_owned());
        return Ok(findings);
    }
    same_version(&finished)?;
    let rows = shards::read(&finished.table(tables::shards::FILE)?)?;
    let seed = asked.seed.unwrap_or(finished.rank_table()?.uncertainty.seed);
    let chosen = choose(&rows, asked.counties, seed);
    let codes: Vec<&str> = chosen.iter().map(|r| r.code.as_str()).collect();
    findings.checked.push(format!("seed {seed} takes {} of {} counties: {}", codes.len(), rows.len(), codes.join(", ")));
    let scratch = ScratchFolder::new("chargegap-recompute")?;
    let work = Work::open(scratch.path())?;
    let options = RoundOptions::whole(on_stage);
    let laid = lay(&file, &work, &options, &mut Timings::default())?;
    check_inputs(&finished.manifest, &files(&laid.all, &laid.source), &mut findings);
    check_faults(&finished, &laid.all.faults, &mut findings);
    check_members(&rows, &laid, &mut findings);
    on_stage("compute");
    let differ: Vec<Option<String>> = chosen.par_iter().map(|row| differs(row, &laid, &work)).collect::<Result<_>>()?;
    findings.faults.extend(differ.into_iter().flatten());
    findings.checked.push(format!("{} counties made again from the inputs, without the work folder of the round", codes.len()));
    Ok(findings)
}

/// A folder that no round wrote, refused before anything of it is read.
fn refuse_others(folder: &Path) -> Result<()> {
    let path = folder.join("manifest.json");
    let manifest =
        input::whole(&path, "read the manifest", input::MOST_WHOLE).ok().and_then(|b| serde_json::from_slice::<Value>(&b).ok());
    let Some(manifest) = manifest else { return Ok(()) }; // that it is none is told by `verify`
    match Kind::of(&manifest) {
        Some(Kind::Round) => format::check(&manifest, &path),
        kind => {
            let what =
                format!("this is a {}, and only rounds can be recomputed", kind.map_or("folder of something else", Kind::as_str));
            let next = "name a folder that `chargegap round` or `merge` wrote; make a run again with `chargegap run`";
            Err(Error::usage(what, next).at(Location::file(path_text(folder))))
        }
    }
}

/// The folder must be of this version: another one has other fingerprints throughout.
fn same_version(folder: &Finished) -> Result<()> {
    let m = &folder.manifest;
    let (by, own) = (m["chargegap_version"].as_str().unwrap_or_default(), env!("CARGO_PKG_VERSION"));
    if by != own {
        let what = format!("the round was made by chargegap {by}, and counties are the same to the byte only where versions are");
        let next = format!("use chargegap {by}; this is {own}");
        return Err(Error::input(what, next).at(Location::file(path_text(&folder.path))));
    }
    let (format, own) = (&m["format_version"], format::FORMAT_VERSION);
    if *format != own {
        let what = format!("the round is of format {format}, and fingerprints of its counties are others in format {own}");
        let next = "use the build of chargegap that wrote it, or make the round again";
        return Err(Error::input(what, next).at(Location::file(path_text(&folder.path))));
    }
    Ok(())
}

/// Counties in the order of the SHA-256 of seed and code, the first `n` of them: anybody can tell which they are.
fn choose(rows: &[NamedShard], n: usize, seed: u64) -> Vec<&NamedShard> {
    let mut all: Vec<&NamedShard> = rows.iter().collect();
    all.sort_by_cached_key(|r| (hex(&Sha256::digest(format!("{seed} {}", r.code))), r.code.clone()));
    all.truncate(n);
    all.sort_by(|a, b| a.code.cmp(&b.code));
    all
}

/// Files by path, with their fingerprints.
fn check_inputs(manifest: &Value, now: &[InputFile], findings: &mut Findings) {
    let text = |f: &Value, key: &str| f[key].as_str().unwrap_or_default().to_owned();
    let told = manifest["inputs"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut then: BTreeMap<String, String> = told.iter().map(|f| (text(f, "path"), text(f, "sha256"))).collect();
    for f in now {
        match then.remove(&f.path) {
            Some(sha256) if sha256 == f.sha256 => {}
            Some(_) => findings.faults.push(format!("input {} was changed after the round: its SHA-256 is another", f.path)),
            None => findings.faults.push(format!("input {} was not read by the round", f.path)),
        }
    }
    findings.faults.extend(then.keys().map(|path| format!("input {path} of the round is not read any more")));
    findings.checked.push(format!("{} inputs against their SHA-256", told.len()));
}

/// A fault by what makes it: code, subject, facts.
type FaultKey = (String, String, Vec<String>);

/// Faults of the inputs are those that the manifest tells; those of counties and the ranking are known when all is made.
fn check_faults(folder: &Finished, now: &[Fault], findings: &mut Findings) {
    let at_inputs = |code: &str| FaultCode::of(code).is_some_and(|c| c.known_at() <= Stage::Network);
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let facts = |v: &Value| v.as_array().into_iter().flatten().map(text).collect::<Vec<_>>();
    let told = folder.manifest["faults"].as_array().map(Vec::as_slice).unwrap_or_default();
    let told = told.iter().filter(|f| at_inputs(&text(&f["code"])));
    let told: BTreeMap<FaultKey, String> =
        told.map(|f| ((text(&f["code"]), text(&f["subject"]), facts(&f["facts"])), text(&f["what"]))).collect();
    let now = now.iter().filter(|f| at_inputs(f.code.as_str()));
    let now: BTreeMap<FaultKey, String> =
        now.map(|f| ((f.code.as_str().to_owned(), f.subject.clone(), f.facts.clone()), f.what.en.clone())).collect();
    let hidden = now.iter().filter(|(key, _)| !told.contains_key(*key));
    let hidden =
        hidden.map(|((code, ..), what)| format!("the inputs have the fault {code}, and the manifest does not tell it: {what}"));
    findings.faults.extend(hidden);
    let gone = told.iter().filter(|(key, _)| !now.contains_key(*key));
    let gone =
        gone.map(|((code, ..), what)| format!("the manifest tells the fault {code}, and the inputs do not have it: {what}"));
    findings.faults.extend(gone);
    findings.checked.push(format!("{} faults of the inputs, found again", now.len()));
}

/// The same counties take part.
fn check_members(rows: &[NamedShard], laid: &Laid, findings: &mut Findings) {
    let now: Vec<&str> = laid.plan.shards.iter().map(|s| code(laid, s)).collect();
    let new = now.iter().filter(|c| rows.binary_search_by(|r| r.code.as_str().cmp(c)).is_err());
    findings.faults.extend(new.map(|c| format!("county {c} takes part now, and did not in the round")));
    let gone = rows.iter().filter(|r| now.binary_search(&r.code.as_str()).is_err());
    findings.faults.extend(gone.map(|r| format!("county {} took part in the round, and does not now", r.code)));
}

fn code<'a>(laid: &'a Laid, shard: &Shard) -> &'a str {
    &laid.all.counties[shard.county as usize].code
}

/// Makes a county again, by itself, and says which parts of it are not those of the round.
fn differs(row: &NamedShard, laid: &Laid, work: &Work) -> Result<Option<String>> {
    let shards = &laid.plan.shards;
    let Ok(i) = shards.binary_search_by(|s| code(laid, s).cmp(&row.code)) else { return Ok(None) };
    let source = Source { ground: &laid.ground, all: &laid.all, criteria: &laid.criteria, plan: &laid.plan };
    let failed = compute(&source, &[i], work, &Manner { workers: 1, strict: false, on_done: &|_, _| {} })?;
    let made = work.finished(&row.code, &shards[i].print).map(|done| done.sha256);
    let told = |part: &str| row.parts.iter().find(|(name, _)| name == part).map(|(_, print)| print);
    let parts = PARTS.iter().zip(&shards[i].parts).filter(|(part, print)| told(part) != Some(print)).map(|(part, _)| *part);
    let differ: Vec<&str> = parts.chain((made != row.rows).then_some("rows")).collect();
    let why = failed.first().map(|f| format!("; it could not be computed: {}", f.why)).unwrap_or_default();
    let same = differ.is_empty() && shards[i].print == row.print;
    let named = if differ.is_empty() { "its fingerprint".to_owned() } else { differ.join(", ") };
    Ok((!same).then(|| format!("county {}, made again, differs from the round in {named}{why}", row.code)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choice_depends_on_seed_and_codes_alone() {
        let row = |code: &str| NamedShard { code: code.to_owned(), print: String::new(), parts: Default::default(), rows: None };
        let rows: Vec<NamedShard> = (0..40).map(|i| row(&format!("11{i:04}"))).collect();
        let codes = |rows: &[NamedShard], n, seed| choose(rows, n, seed).iter().map(|r| r.code.clone()).collect::<Vec<_>>();
        // By hand: the seven least of SHA-256("5 110000"), SHA-256("5 110001") …, told by code.
        let mut by_hand: Vec<(Vec<u8>, String)> =
            rows.iter().map(|r| (Sha256::digest(format!("5 {}", r.code)).to_vec(), r.code.clone())).collect();
        by_hand.sort();
        let mut want: Vec<String> = by_hand.into_iter().take(7).map(|(_, code)| code).collect();
        want.sort();
        assert_eq!(codes(&rows, 7, 5), want);
        let backwards: Vec<NamedShard> = rows.iter().rev().map(|r| row(&r.code)).collect();
        assert_eq!(codes(&backwards, 7, 5), want);
        assert_ne!(codes(&rows, 7, 6), want);
        // More than there are: all of them.
        assert_eq!(codes(&rows, 100, 5).len(), 40);
    }
}
