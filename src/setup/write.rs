//! The text of the proposed file: what was taken and why, with every word and its count in comments.

use super::choose::Choice;
use super::role::Role;
use super::seen::{ColumnSeen, Inside, Seen};
use super::trial::Trial;
use super::words::{fields_of_words, meaning};
use crate::config::schema::SchemaOf;
use std::fmt::Write as _;
use std::path::Path;

/// Words listed of a column; the rest are counted.
const MOST_WORDS: usize = 60;
/// Columns of a register with at most so many different words are shown with them.
const FEW_WORDS: usize = 12;
/// Columns that are not used are listed up to here.
const MOST_COLUMNS: usize = 40;

/// The file that is to stand at `to`.
pub fn text(
    choices: &[Choice],
    unused: &[(String, String)],
    open: &[(String, String)],
    trial: Option<&Trial>,
    to: &Path,
) -> String {
    let mut out = head(choices, open, to);
    for choice in choices {
        match choice.role {
            Role::Osm | Role::Population => plain(&mut out, choice),
            Role::Crosswalk if choices.iter().any(|c| c.role == Role::CountyTable) => {} // a key of that table
            Role::Crosswalk | Role::CountyList => listed(&mut out, choice),
            Role::CountyTable => county_table(&mut out, choice, choices),
            Role::Roads | Role::Counties | Role::Stations | Role::Settlements => layer(&mut out, choice, trial),
        }
    }
    criteria(&mut out, choices, trial);
    read(&mut out, trial);
    not_used(&mut out, unused);
    out
}

fn head(choices: &[Choice], open: &[(String, String)], to: &Path) -> String {
    let files: usize = choices.iter().map(|c| c.seen.len()).sum();
    let name = to.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let mut out = format!(
        "#:schema ./{}\n# Proposed by `chargegap init` {} from {files} files. Look through it, then: chargegap check {name}\n",
        SchemaOf::Region.file_name(),
        env!("CARGO_PKG_VERSION")
    );
    if !open.is_empty() {
        comment(&mut out, "To decide, in this order:");
        for (i, (what, next)) in (1..).zip(open) {
            comment(&mut out, &format!("{i}. {what}"));
            comment(&mut out, &format!("   -> {next}"));
        }
    }
    let folder = choices.iter().flat_map(|c| &c.seen).find_map(|s| s.path.parent().and_then(Path::file_name));
    let own =
        std::path::absolute(to).ok().and_then(|p| p.parent().and_then(Path::file_name).map(|n| n.to_string_lossy().into_owned()));
    let region = folder.map(|n| n.to_string_lossy().into_owned()).or(own).unwrap_or_else(|| "region".to_owned());
    let _ = write!(out, "\n[region]\nname = {}\n", quoted(&region));
    if !region.is_ascii() {
        let _ = writeln!(out, "name_zh = {}", quoted(&region));
    }
    out += "# synthetic = true        # when roads or stations are made up: every map and report then says so\n";
    out += "# attribution = [\"…\"]     # what the sources ask for\n# map_review_number = \"…\"  # 审图号 of the borders\n";
    out
}

/// A table of a path alone.
fn plain(out: &mut String, choice: &Choice) {
    let Some(seen) = choice.seen.first() else { return };
    let _ = writeln!(out, "\n[{}]\npath = {}   # {}", choice.role.table(), quoted(&seen.path_text()), one_line(&seen.format));
    if choice.role == Role::Osm {
        out.push_str("# admin_level = 6   # of the county-like boundaries; the finest that tiles the extract when not given\n");
    }
    others(out, choice);
}

/// A table that belongs to a round, or to a table that is not here.
fn listed(out: &mut String, choice: &Choice) {
    let Some(seen) = choice.seen.first() else { return };
    let what = match choice.role {
        Role::Crosswalk => "a crosswalk of codes: crosswalk = under [county_table], or under [regions] of a round",
        _ => "a list of counties: county_list = under [regions] of a round file",
    };
    out.push('\n');
    comment(out, &format!("{} ({} rows) is {what}", seen.title(), seen.records));
}

fn county_table(out: &mut String, choice: &Choice, all: &[Choice]) {
    let Some(seen) = choice.seen.first() else { return };
    let _ = writeln!(out, "\n[county_table]   # {} rows, joined to the counties by code", seen.records);
    path_keys(out, choice);
    if let Some(walk) = all.iter().find(|c| c.role == Role::Crosswalk).and_then(|c| c.seen.first()) {
        let _ = writeln!(out, "crosswalk = {}", quoted(&walk.path_text()));
        if let Inside::Sheet(name, true) = &walk.inside {
            let _ = writeln!(out, "crosswalk_sheet = {}", quoted(name));
        }
    }
    others(out, choice);
    fields(out, choice);
    let figures: Vec<&str> = unmapped(choice, seen);
    if !figures.is_empty() {
        comment(out, &format!("Columns that [[rank.indicators]] or [[rank.lines]] may name: {}", figures.join(", ")));
    }
}

fn layer(out: &mut String, choice: &Choice, trial: Option<&Trial>) {
    let Some(seen) = choice.seen.first() else { return };
    let records: u64 = choice.seen.iter().map(|s| s.records).sum();
    let _ = writeln!(out, "\n[{}]   # {records} records", choice.role.table());
    path_keys(out, choice);
    if let Some(register) = choice.register {
        comment(out, &format!("Its columns are those of {}: it is read by its rules", register.label()));
        register_words(out, seen);
    }
    comment(out, &format!("Format: {}; coordinates: {}", seen.format, if seen.crs.is_empty() { "not told" } else { &seen.crs }));
    if let Some(error) = &seen.error {
        comment(out, &format!("It could not be read to its end: {error}"));
    }
    others(out, choice);
    if let Some((table, datum, sentence)) = trial.and_then(|t| t.shift.as_ref()).filter(|(t, ..)| *t == choice.role.table()) {
        comment(out, &format!("{}.", upper(sentence)));
        comment(
            out,
            "If that is so, take the # from the next line (converting it may need a licence in China); if not, write \"wgs84\".",
        );
        let _ = writeln!(out, "# datum = {}", quoted(datum.as_str()));
        debug_assert_eq!(*table, choice.role.table());
    }
    if choice.role == Role::Roads && !choice.fields.iter().any(|(ours, _)| *ours == "class") {
        comment(out, "No column of classes was found: name it under fields, or give all roads one class:");
        out.push_str("# class = \"local\"\n");
    }
    if choice.role == Role::Counties && !choice.fields.iter().any(|(ours, _)| *ours == "code") {
        comment(out, "No column of codes was found: name it as code under fields");
    }
    fields(out, choice);
    let rest = unmapped(choice, seen);
    if !rest.is_empty() && choice.register.is_none() {
        let more = rest.len().saturating_sub(MOST_COLUMNS);
        let shown = rest.iter().take(MOST_COLUMNS).copied().collect::<Vec<_>>().join(", ");
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        comment(out, &format!("Columns that nothing uses: {shown}{more}"));
    }
    words(out, choice, seen);
}

/// Path, sheet or layer.
fn path_keys(out: &mut String, choice: &Choice) {
    let paths: Vec<String> = choice.seen.iter().map(|s| quoted(&s.path_text())).collect();
    let path = if let [one] = paths.as_slice() { one.clone() } else { format!("[{}]", paths.join(", ")) };
    let _ = writeln!(out, "path = {path}");
    match choice.seen.first().map(|s| &s.inside) {
        Some(Inside::Layer(name)) => drop(writeln!(out, "layer = {}", quoted(name))),
        Some(Inside::Sheet(name, true)) => drop(writeln!(out, "sheet = {}", quoted(name))),
        _ => {}
    }
}

/// The mapping, with what each column holds.
fn fields(out: &mut String, choice: &Choice) {
    let Some(seen) = choice.seen.first().filter(|_| !choice.fields.is_empty()) else { return };
    let _ = writeln!(out, "[{}.fields]", choice.role.table());
    for (ours, column) in &choice.fields {
        let told = seen.column(column).map(|c| format!("   # {} of {}, e.g. {}", c.filled, seen.records, one_line(&c.example)));
        let _ = writeln!(out, "{ours} = {}{}", quoted(column), told.unwrap_or_default());
    }
}

fn unmapped<'s>(choice: &Choice, seen: &'s Seen) -> Vec<&'s str> {
    let taken = |name: &str| choice.fields.iter().any(|(_, column)| column == name);
    seen.columns.iter().filter(|c| c.filled > 0 && !taken(&c.name)).map(|c| c.name.as_str()).collect()
}

/// Every word of classes, kinds, access and status.
fn words(out: &mut String, choice: &Choice, seen: &Seen) {
    for ours in fields_of_words(choice.role) {
        let Some((_, column)) = choice.fields.iter().find(|(field, _)| field == ours) else { continue };
        let Some(of) = seen.column(column) else { continue };
        if of.many {
            comment(out, &format!("{ours} ({column}) has too many different values to list them: is it the right column?"));
            continue;
        }
        let by_count = of.by_count();
        if *ours == "class" {
            out.push_str("[roads.classes]   # the file's values to ours: motorway, trunk, primary, secondary, tertiary, local, service, track, exclude\n");
            for (word, n) in &by_count {
                match meaning(choice.role, ours, word) {
                    Some(class) => drop(writeln!(out, "{} = {}   # {n} lines", quoted(word), quoted(&class))),
                    None => drop(writeln!(
                        out,
                        "# {} = \"exclude\"   # {n} lines: not known, choose a class",
                        quoted(&one_line(word))
                    )),
                }
            }
            continue;
        }
        let told = |(word, n): &(&str, u64)| {
            let taken = meaning(choice.role, ours, word).unwrap_or_else(|| "NOT KNOWN, taken as unknown".to_owned());
            format!("{word} {n} -> {taken}")
        };
        let shown: Vec<String> = by_count.iter().take(MOST_WORDS).map(told).collect();
        let more = by_count.len().saturating_sub(MOST_WORDS);
        let more = if more > 0 { format!("; {more} more") } else { String::new() };
        let empty = seen.records.saturating_sub(of.filled);
        let empty = if empty > 0 { format!("; empty {empty}") } else { String::new() };
        comment(out, &format!("{ours} ({column}): {}{more}{empty}", shown.join("; ")));
    }
}

/// What the columns of few words of a register hold: its status and access are among them.
fn register_words(out: &mut String, seen: &Seen) {
    let few = |c: &&ColumnSeen| !c.many && (1..=FEW_WORDS).contains(&c.values.len()) && c.filled > c.values.len() as u64;
    for column in seen.columns.iter().filter(few).take(MOST_COLUMNS) {
        let words: Vec<String> = column.by_count().into_iter().map(|(word, n)| format!("{word} {n}")).collect();
        comment(out, &format!("{}: {}", column.name, words.join("; ")));
    }
}

fn others(out: &mut String, choice: &Choice) {
    for (which, why) in &choice.others {
        comment(out, &format!("Not taken: {which} ({why})"));
    }
}

fn criteria(out: &mut String, choices: &[Choice], trial: Option<&Trial>) {
    out.push_str("\n[criteria]\n");
    if let Some([used, closed, private]) = trial.and_then(|t| t.stations) {
        comment(
            out,
            &format!(
                "Of the stations that were read {used} count; {closed} are planned or closed and {private} private (some may be both)."
            ),
        );
    }
    out.push_str("access = [\"public\", \"unknown\"]   # \"private\" brings those of fleets and residents in\n");
    out.push_str("status = [\"open\", \"unknown\"]     # \"planned\" brings those in that are to come\n");
    out.push_str("# distances_km = [5, 10, 20, 50]\n# times_min = [15, 30]\n# headline_km = 10\n");
    if !choices.iter().any(|c| matches!(c.role, Role::Settlements | Role::Population | Role::Osm)) {
        comment(out, "No settlements and no raster of people were found: people are not counted without them.");
    }
}

fn read(out: &mut String, trial: Option<&Trial>) {
    let Some(trial) = trial else { return };
    let refused: Vec<String> =
        trial.counts.iter().filter(|(_, [.., r])| *r > 0).map(|(l, [n, _, r])| format!("{r} of {n} {}", l.as_str())).collect();
    if refused.is_empty() {
        return;
    }
    out.push_str("\n[read]\n");
    comment(out, &format!("A first reading refused {}; `chargegap check` lists each.", refused.join(", ")));
    if let Some(share) = trial.refused_share {
        comment(
            out,
            "That is more than the 1 % of a layer that a run accepts. Mend them, or take the # from the next line to go on without them.",
        );
        let _ = writeln!(out, "# max_refused_share = {share}");
    }
}

fn not_used(out: &mut String, unused: &[(String, String)]) {
    if unused.is_empty() {
        return;
    }
    out.push('\n');
    comment(out, "Files that were looked at and are not used:");
    for (which, why) in unused {
        comment(out, &format!("  {which}: {why}"));
    }
}

fn comment(out: &mut String, text: &str) {
    let _ = writeln!(out, "# {}", one_line(text));
}

/// Text without what would end a comment's line or turn it.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || crate::error::turns_text(c) { ' ' } else { c }).collect()
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || crate::error::turns_text(c) => drop(write!(out, "\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn upper(text: &str) -> String {
    let mut signs = text.chars();
    signs.next().map(|c| c.to_uppercase().chain(signs).collect()).unwrap_or_default()
}
