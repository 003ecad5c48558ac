//! Packs a round that was made into one file.

use super::compress::{self, Entry, Source, of_bytes};
use super::layout::{Layout, is_safe};
use super::listing::{ArchivedCommand, ArchivedFile, ArchivedInput, Listing};
use super::unpack::Archive;
use super::{INPUTS_TABLE, LISTING, PROGRAM, README, RESULTS, SUMS, is_sane, program, readme};
use crate::config::{RegionFile, RoundFile};
use crate::error::{Error, Location, Result, path_text};
use crate::files::atomic::Written;
use crate::files::whole_file::{refuse_existing, write_output};
use crate::input;
use crate::read::formats::SourceFile;
use crate::read::{InputFile, beside, fingerprint, hex};
use crate::results::Results;
use crate::round::inputs::files_of;
use crate::system::whole_path;
use glob::Pattern;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What was asked for.
#[derive(Clone, Debug, Default)]
pub struct ArchiveAsked {
    /// The file to write.
    pub archive: PathBuf,
    /// Whether the program goes in too.
    pub with_program: bool,
    /// Inputs that match are named by their SHA-256 and not packed.
    pub name_only: Vec<String>,
    /// Whether a file that stands there may be replaced.
    pub overwrite: bool,
}

/// An archive that can be written once the round is made: the place is free, and every path can be kept.
#[derive(Debug)]
pub struct Packing {
    asked: ArchiveAsked,
    patterns: Vec<Pattern>,
    /// The round file and region files as they were before anything was computed.
    texts: Vec<Text>,
    /// What those name, by path as it is seen from the folder of the round file, and where it lies.
    named: Vec<(String, PathBuf)>,
    /// The folder of the round file.
    folder: PathBuf,
    command: ArchivedCommand,
}

/// A round or region file.
#[derive(Debug)]
struct Text {
    path: String,
    place: PathBuf,
    role: &'static str,
    bytes: Vec<u8>,
}

/// What was written.
#[derive(Clone, Debug)]
pub struct Packed {
    /// The file.
    pub archive: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, for the notice.
    pub sha256: String,
    /// Inputs that are in it.
    pub packed: usize,
    /// Inputs that are only named.
    pub named: usize,
}

impl Packing {
    /// Looks whether a round can be packed, before it is made. `file` is where the round file lies.
    ///
    /// # Errors
    /// Usage, for a place that is taken, a path that is of this machine only, and a pattern that is none or meets nothing.
    pub fn begin(round: &RoundFile, file: &Path, asked: ArchiveAsked, command: ArchivedCommand) -> Result<Self> {
        refuse_existing(&asked.archive, asked.overwrite)?;
        if asked.archive.exists() && Archive::open(&asked.archive).is_err() {
            let what = "the output exists and is no archive of a round, and only such a one is replaced";
            return Err(Error::usage(what, "choose another name").at(Location::file(path_text(&asked.archive))));
        }
        let of = |p: &String| {
            Pattern::new(p)
                .map_err(|e| Error::usage(format!("\"{p}\" is no pattern: {e}"), "use * and ?, as in --name-only '*.gpkg'"))
        };
        let patterns: Vec<Pattern> = asked.name_only.iter().map(of).collect::<Result<_>>()?;
        let mut texts = vec![text_of("round", &round.name, file)?];
        let mut named: Vec<(String, PathBuf)> = origins("", &round.folder);
        for (_, path) in round.paths() {
            refuse_machine_path(path, file)?;
            named.push((path_text(path), round.folder.join(path)));
        }
        for (shown, path) in files_of(round)? {
            if !shown.to_ascii_lowercase().ends_with(".toml") {
                named.push((shown, path)); // an extract is its own region
                continue;
            }
            let under = shown.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
            // A region that cannot be read is told by whoever makes the round.
            if let Ok(region) = RegionFile::read(&path) {
                for (_, inside) in region.paths() {
                    refuse_machine_path(inside, &path)?;
                    named.push((format!("{under}{}", path_text(inside)), region.resolve(inside)));
                }
                named.extend(origins(&under, path.parent().unwrap_or(Path::new(""))));
            }
            texts.push(text_of("region", &shown, &path)?);
        }
        if let Some(p) = patterns.iter().find(|p| !named.iter().any(|(path, _)| p.matches(path))) {
            let what = format!("--name-only \"{p}\" meets no input of the round");
            let some: Vec<&str> = named.iter().map(|(path, _)| path.as_str()).take(3).collect();
            return Err(Error::usage(what, format!("paths are seen from the folder of the round file: {}", some.join(", "))));
        }
        input::listen();
        Ok(Self { asked, patterns, texts, named, folder: round.folder.clone(), command })
    }

    /// Writes the archive of a round that was made to `folder`, with these files, by the work folder `work`.
    ///
    /// # Errors
    /// Input, when an input was changed meanwhile; environment, when the disk refuses. Nothing is left behind then.
    pub fn write(&self, results: &Results, (folder, work): (&Path, &Path), written: &[Written]) -> Result<Packed> {
        let Some(round) = results.as_round() else { return Err(Error::internal("only a round is archived")) };
        let file = &round.part.file;
        let heard = self.heard(&[folder, work, &self.asked.archive]);
        let own = self.texts.iter().map(|t| &t.path).chain(self.named.iter().chain(&heard).map(|(path, _)| path));
        let paths = own.chain(results.inputs.iter().map(|i| &i.path)).map(String::as_str);
        let layout = Layout::of(paths.filter(|p| !p.contains('*'))).map_err(|path| not_kept(&path))?;
        let Some(round_file) = layout.name(&file.name) else { return Err(not_kept(&file.name)) };
        let mut listing = Listing::new(round_file, &file.round, self.command.clone());
        let mut entries: Vec<Entry> = Vec::new();
        self.add_inputs((results, &heard), &layout, &mut listing, &mut entries)?;
        self.add_program(&mut entries)?;
        entries.extend(written.iter().map(|w| Entry {
            name: format!("{RESULTS}/{}", w.name),
            source: Source::File(folder.join(&w.name)),
            bytes: w.bytes,
            sha256: w.sha256.clone(),
            executable: false,
        }));
        let names = written.iter().map(|w| w.name.as_str()).collect();
        entries.push(of_bytes(README, readme::text(&listing, file, round.part.list.as_ref(), &names).into_bytes()));
        let table = listing.table().map_err(|e| Error::internal(format!("the table of inputs cannot be made: {e}")))?;
        entries.push(of_bytes(INPUTS_TABLE, table));
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        if let Some(bad) = entries.iter().find(|e| !is_safe(&e.name)) {
            return Err(not_kept(&bad.name));
        }
        listing.files =
            entries.iter().map(|e| ArchivedFile { name: e.name.clone(), bytes: e.bytes, sha256: e.sha256.clone() }).collect();
        let text = listing.text();
        entries.push(of_bytes(SUMS, listing.sums(&text).into_bytes()));
        entries.push(of_bytes(LISTING, text.into_bytes()));
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        self.put(&entries)?;
        self.told(&listing)
    }

    /// The inputs, each content once; those of the same content are in the list with the name of the first.
    fn add_inputs(
        &self,
        (results, heard): (&Results, &[(String, PathBuf)]),
        layout: &Layout,
        listing: &mut Listing,
        entries: &mut Vec<Entry>,
    ) -> Result<()> {
        let mut all: BTreeMap<String, (ArchivedInput, Source)> = BTreeMap::new();
        for t in &self.texts {
            unchanged(t)?;
            let sha256 = hex(&Sha256::digest(&t.bytes));
            let bytes = t.bytes.len() as u64;
            let input = ArchivedInput { path: t.path.clone(), role: t.role.to_owned(), bytes, sha256, packed: None };
            all.insert(t.path.clone(), (input, Source::Bytes(t.bytes.clone())));
        }
        for i in &results.inputs {
            refuse_unkept(i)?;
            let input = ArchivedInput {
                path: i.path.clone(),
                role: i.role.clone(),
                bytes: i.bytes,
                sha256: i.sha256.clone(),
                packed: None,
            };
            all.entry(i.path.clone()).or_insert((input, Source::File(i.place.clone())));
        }
        self.add_others(heard, &mut all)?;
        let mut by_content: BTreeMap<String, String> = BTreeMap::new();
        let whole: Vec<String> = all.keys().filter(|path| self.is_named_only(path)).cloned().collect();
        for (path, (mut input, source)) in all {
            let is_text = matches!(source, Source::Bytes(_));
            if is_text || !(whole.contains(&path) || is_part_of(&path, &whole)) {
                let Some(name) = layout.name(&path) else { return Err(not_kept(&path)) };
                let first = by_content.entry(input.sha256.clone()).or_insert_with(|| name.clone());
                input.packed = Some(first.clone());
                if *first == name {
                    let (bytes, sha256) = (input.bytes, input.sha256.clone());
                    entries.push(Entry { name, source, bytes, sha256, executable: false });
                }
            }
            listing.inputs.push(input);
        }
        // Files of one name, written in two ways (`a/../b` and `b`), are one.
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        entries.dedup_by(|a, b| a.name == b.name);
        Ok(())
    }

    /// What was opened beside inputs, the round's own folders apart, as it is seen from the folder of the round file.
    fn heard(&self, apart: &[&Path]) -> Vec<(String, PathBuf)> {
        let apart: Vec<PathBuf> = apart.iter().map(|p| whole_path(p)).collect();
        let of = |place: PathBuf| {
            let inside = place.strip_prefix(&self.folder).ok().filter(|p| !p.is_absolute()).map(path_text)?;
            let whole = whole_path(&place);
            let own = apart.iter().any(|a| whole.starts_with(a));
            (!own && place.is_file()).then_some((inside, place))
        };
        input::heard().into_iter().filter_map(of).collect()
    }

    /// Files that are no inputs of the manifest: those of a region that the round was made without, since that it could not be read must
    /// be seen again, and whatever else was opened.
    fn add_others(&self, heard: &[(String, PathBuf)], all: &mut BTreeMap<String, (ArchivedInput, Source)>) -> Result<()> {
        for (path, place) in self.named.iter().chain(heard).filter(|(_, place)| place.is_file()) {
            let whole = SourceFile { path: place.clone(), shown: path.clone() };
            for file in beside::parts(&whole).into_iter().chain([whole]) {
                if all.contains_key(&file.shown) {
                    continue;
                }
                let print = fingerprint(&file, "other")?;
                refuse_unkept(&print)?;
                let InputFile { path, role, bytes, sha256, place, .. } = print;
                let input = ArchivedInput { path: path.clone(), role, bytes, sha256, packed: None };
                all.insert(path, (input, Source::File(place)));
            }
        }
        Ok(())
    }

    fn is_named_only(&self, path: &str) -> bool {
        self.patterns.iter().any(|p| p.matches(path))
    }

    fn add_program(&self, entries: &mut Vec<Entry>) -> Result<()> {
        let texts = [("Cargo.lock", program::LOCK_FILE), ("LICENSE", program::LICENCE), ("licences.csv", program::LICENCES)];
        entries.extend(texts.map(|(name, text)| of_bytes(format!("{PROGRAM}/{name}"), text.as_bytes().to_vec())));
        if self.asked.with_program {
            let own = std::env::current_exe().map_err(|e| {
                Error::environment(
                    format!("the program does not find itself: {e}"),
                    "leave --with-program out, and keep the program",
                )
            })?;
            let print = fingerprint(&SourceFile { shown: path_text(&own), path: own.clone() }, "program")?;
            let name = format!("{PROGRAM}/chargegap{}", std::env::consts::EXE_SUFFIX);
            let (bytes, sha256) = (print.bytes, print.sha256);
            entries.push(Entry { name, source: Source::File(own), bytes, sha256, executable: true });
        }
        Ok(())
    }

    fn put(&self, entries: &[Entry]) -> Result<()> {
        let unpacked: u64 = entries.iter().map(|e| e.bytes).sum();
        let fill = |out: &mut std::io::BufWriter<std::fs::File>| -> std::io::Result<()> {
            compress::write(&mut *out, entries)?;
            let size = std::io::Seek::stream_position(out)?;
            if is_sane(size, unpacked) {
                return Ok(());
            }
            let what = "the inputs hold next to nothing for their size, and an archive of them would be taken for a trap";
            Err(std::io::Error::other(Error::input(what, "store rasters compressed, or name them only by --name-only")))
        };
        write_output(&self.asked.archive, "archive", self.asked.overwrite, fill)
    }

    fn told(&self, listing: &Listing) -> Result<Packed> {
        let archive = self.asked.archive.clone();
        let print = fingerprint(&SourceFile { shown: path_text(&archive), path: archive.clone() }, "archive")?;
        let named = listing.named_only().count();
        let packed = listing.inputs.len() - named;
        Ok(Packed { archive, bytes: print.bytes, sha256: print.sha256, packed, named })
    }
}

/// Files that say where the data of a folder comes from.
const ORIGINS: [&str; 2] = ["SOURCE.md", "SOURCE.txt"];

/// Those of a folder that are there; `under` is how it is written in front of their names.
fn origins(under: &str, folder: &Path) -> Vec<(String, PathBuf)> {
    let all = ORIGINS.iter().map(|name| (format!("{under}{name}"), folder.join(name)));
    all.filter(|(_, path)| path.is_file()).collect()
}

/// Whether a path is a part of a shapefile that is named only: `roads.dbf` of `roads.shp`.
fn is_part_of(path: &str, whole: &[String]) -> bool {
    let stem = |p: &str| p.rsplit_once('.').map(|(stem, ending)| (stem.to_owned(), ending.to_ascii_lowercase()));
    let Some((mine, _)) = stem(path) else { return false };
    whole.iter().filter_map(|w| stem(w)).any(|(stem, ending)| ending == "shp" && stem == mine)
}

fn text_of(role: &'static str, path: &str, place: &Path) -> Result<Text> {
    let bytes = input::whole(place, "read the file", input::MOST_SETTINGS)?;
    Ok(Text { path: path.to_owned(), place: place.to_path_buf(), role, bytes })
}

/// A round or region file must still be what it was before the round was made.
fn unchanged(text: &Text) -> Result<()> {
    if input::whole(&text.place, "read the file", input::MOST_SETTINGS).is_ok_and(|now| now == text.bytes) {
        return Ok(());
    }
    let what = "the file was changed while the round was made: an archive of it would not be of this round";
    Err(Error::input(what, "leave the inputs alone, and run again").at(Location::file(path_text(&text.place))))
}

fn refuse_machine_path(path: &Path, file: &Path) -> Result<()> {
    let at = || Location::file(path_text(file));
    if input::is_stdin(path) {
        let what = "the file reads from standard input, and an archive needs a file that can be read again";
        return Err(Error::usage(what, "write the data to a file, and name it").at(at()));
    }
    if path.is_absolute() {
        let what = format!("\"{}\" is a path of this machine, and an archive is opened on others", path_text(path));
        return Err(Error::usage(what, "write it as seen from the folder of this file, such as ../data/roads.gpkg").at(at()));
    }
    Ok(())
}

/// An input whose path does not say where it lies.
fn refuse_unkept(i: &InputFile) -> Result<()> {
    let plain = i.place.to_str().is_some_and(|p| cfg!(windows) || !p.contains('\\'));
    if plain { Ok(()) } else { Err(not_kept(&i.path)) }
}

fn not_kept(path: &str) -> Error {
    let next = "give files and folders names without control characters and \\, and paths from the folder of the round file";
    Error::usage("this path cannot be kept in an archive", next).at(Location::file(path))
}
