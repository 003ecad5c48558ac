//! The text of the proposed file: what was taken and why, with every word and its count in comments.

use super::choose::Choice;
use super::role::Role;
use super::seen::{ColumnSeen, Inside, Seen};
use super::trial::Trial;
use super::words::{fields_of_words, meaning};
use crate::config::language::Lang;
use crate::config::schema::SchemaOf;
use crate::files::messages::{said, word};
use crate::issue::Layer;
use std::borrow::Cow;
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
    (to, lang): (&Path, Lang),
) -> String {
    let mut out = Page { text: String::new(), lang };
    head(&mut out, choices, open, to);
    for choice in choices {
        match choice.role {
            Role::Osm | Role::Population => plain(&mut out, choice),
            Role::Crosswalk if choices.iter().any(|c| c.role == Role::CountyTable) => {} // a key of that table
            Role::Crosswalk | Role::CountyList => listed(&mut out, choice),
            Role::CountyTable => county_table(&mut out, choice, choices),
            Role::Roads | Role::Counties | Role::Stations | Role::Settlements | Role::Candidates => {
                layer(&mut out, choice, trial)
            }
        }
    }
    criteria(&mut out, choices, trial);
    read(&mut out, trial);
    not_used(&mut out, unused);
    out.text
}

/// The text as it grows, its comments in a language.
struct Page {
    text: String,
    lang: Lang,
}

impl Page {
    fn push_str(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// A line of comment, in both languages.
    fn comment(&mut self, en: &str, zh: &str) {
        let text = one_line(self.lang.pick(en, zh));
        let _ = writeln!(self.text, "# {text}");
    }

    /// A sentence that arises elsewhere, as it is told in the language.
    fn said<'t>(&self, english: &'t str) -> Cow<'t, str> {
        said(english, self.lang)
    }
}

impl std::fmt::Write for Page {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.text.write_str(text)
    }
}

fn head(out: &mut Page, choices: &[Choice], open: &[(String, String)], to: &Path) {
    let files: usize = choices.iter().map(|c| c.seen.len()).sum();
    let name = to.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let version = env!("CARGO_PKG_VERSION");
    let _ = writeln!(out, "#:schema ./{}", SchemaOf::Region.file_name());
    out.comment(
        &format!("Proposed by `chargegap init` {version} from {files} files. Look through it, then: chargegap check {name}"),
        &format!("由 `chargegap init` {version} 根据 {files} 个文件生成。请逐项核对，然后运行：chargegap check {name}"),
    );
    if !open.is_empty() {
        out.comment("To decide, in this order:", "需要确认（按顺序）：");
        for (i, (what, next)) in (1..).zip(open) {
            let (what, next) = (format!("{i}. {}", out.said(what)), format!("   -> {}", out.said(next)));
            out.comment(&what, &what);
            out.comment(&next, &next);
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
    out.push_str(out.lang.pick(
        "# synthetic = true        # when roads or stations are made up: every map and report then says so\n\
         # attribution = [\"…\"]     # what the sources ask for\n# map_review_number = \"…\"  # 审图号 of the borders\n",
        "language = \"zh\"         # 所写文件的语言\n\
         # synthetic = true        # 道路或站点为虚构时：所有地图与报告都会注明\n\
         # attribution = [\"…\"]     # 数据来源要求的署名\n# map_review_number = \"…\"  # 县界的审图号\n",
    ));
}

/// A table of a path alone.
fn plain(out: &mut Page, choice: &Choice) {
    let Some(seen) = choice.seen.first() else { return };
    let _ = writeln!(out, "\n[{}]\npath = {}   # {}", choice.role.table(), quoted(&seen.path_text()), one_line(&seen.format));
    if choice.role == Role::Osm {
        out.push_str(out.lang.pick(
            "# admin_level = 6   # of the county-like boundaries; the finest that tiles the extract when not given\n",
            "# admin_level = 6   # 县级边界的级别；不写则取能铺满数据的最细一级\n",
        ));
    }
    others(out, choice);
}

/// A table that belongs to a round, or to a table that is not here.
fn listed(out: &mut Page, choice: &Choice) {
    let Some(seen) = choice.seen.first() else { return };
    let [en, zh] = match choice.role {
        Role::Crosswalk => [
            "a crosswalk of codes: crosswalk = under [county_table], or under [regions] of a round",
            "代码对照表：写在 [county_table] 的 crosswalk，或批次文件 [regions] 的 crosswalk",
        ],
        _ => {
            ["a list of counties: county_list = under [regions] of a round file", "县名单：写在批次文件 [regions] 的 county_list"]
        }
    };
    out.push_str("\n");
    let (title, rows) = (seen.title(), seen.records);
    out.comment(&format!("{title} ({rows} rows) is {en}"), &format!("{title}（{rows} 行）为{zh}"));
}

fn county_table(out: &mut Page, choice: &Choice, all: &[Choice]) {
    let Some(seen) = choice.seen.first() else { return };
    let rows = out.lang.pick("rows, joined to the counties by code", "行，按代码与县界对应");
    let _ = writeln!(out, "\n[county_table]   # {} {rows}", seen.records);
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
        let list = figures.join(", ");
        out.comment(
            &format!("Columns that [[rank.indicators]] or [[rank.lines]] may name: {list}"),
            &format!("[[rank.indicators]] 或 [[rank.lines]] 可以使用的列：{list}"),
        );
    }
}

fn layer(out: &mut Page, choice: &Choice, trial: Option<&Trial>) {
    let Some(seen) = choice.seen.first() else { return };
    let records: u64 = choice.seen.iter().map(|s| s.records).sum();
    let word = out.lang.pick("records", "条记录");
    let _ = writeln!(out, "\n[{}]   # {records} {word}", choice.role.table());
    path_keys(out, choice);
    if let Some(register) = choice.register {
        let label = register.label();
        out.comment(
            &format!("Its columns are those of {label}: it is read by its rules"),
            &format!("列与 {label} 一致：按其规则读取"),
        );
        register_words(out, seen);
    }
    let (format, crs) = (&seen.format, Some(seen.crs.as_str()).filter(|c| !c.is_empty()));
    out.comment(
        &format!("Format: {format}; coordinates: {}", crs.unwrap_or("not told")),
        &format!("格式：{format}；坐标系：{}", crs.unwrap_or("未说明")),
    );
    if let Some(error) = &seen.error {
        let said = out.said(error);
        let (en, zh) = (format!("It could not be read to its end: {said}"), format!("未能读完：{said}"));
        out.comment(&en, &zh);
    }
    others(out, choice);
    if let Some((table, datum, sentence)) = trial.and_then(|t| t.shift.as_ref()).filter(|(t, ..)| *t == choice.role.table()) {
        let zh = format!("{}。", out.said(sentence));
        out.comment(&format!("{}.", upper(sentence)), &zh);
        out.comment(
            "If that is so, take the # from the next line (converting it may need a licence in China); if not, write \"wgs84\".",
            "如确是如此，请去掉下一行的 #（在中国境内转换可能需要许可）；如不是，请写 \"wgs84\"。",
        );
        let _ = writeln!(out, "# datum = {}", quoted(datum.as_str()));
        debug_assert_eq!(*table, choice.role.table());
    }
    if choice.role == Role::Roads && !choice.fields.iter().any(|(ours, _)| *ours == "class") {
        out.comment(
            "No column of classes was found: name it under fields, or give all roads one class:",
            "没有找到道路等级列：请在 fields 中指定，或给所有道路同一等级：",
        );
        out.push_str("# class = \"local\"\n");
    }
    if choice.role == Role::Counties && !choice.fields.iter().any(|(ours, _)| *ours == "code") {
        out.comment("No column of codes was found: name it as code under fields", "没有找到代码列：请在 fields 中指定 code");
    }
    fields(out, choice);
    let rest = unmapped(choice, seen);
    if !rest.is_empty() && choice.register.is_none() {
        let more = rest.len().saturating_sub(MOST_COLUMNS);
        let shown = rest.iter().take(MOST_COLUMNS).copied().collect::<Vec<_>>().join(", ");
        let [en, zh] = match more {
            0 => [String::new(), String::new()],
            n => [format!(" and {n} more"), format!("，另有 {n} 列")],
        };
        out.comment(&format!("Columns that nothing uses: {shown}{en}"), &format!("没有用到的列：{shown}{zh}"));
    }
    words(out, choice, seen);
}

/// Path, sheet or layer.
fn path_keys(out: &mut Page, choice: &Choice) {
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
fn fields(out: &mut Page, choice: &Choice) {
    let Some(seen) = choice.seen.first().filter(|_| !choice.fields.is_empty()) else { return };
    let _ = writeln!(out, "[{}.fields]", choice.role.table());
    for (ours, column) in &choice.fields {
        let told = seen.column(column).map(|c| {
            let (filled, all, example) = (c.filled, seen.records, one_line(&c.example));
            let en = format!("   # {filled} of {all}, e.g. {example}");
            out.lang.pick(en, format!("   # {all} 条中有 {filled} 条，例如 {example}"))
        });
        let _ = writeln!(out, "{ours} = {}{}", quoted(column), told.unwrap_or_default());
    }
}

fn unmapped<'s>(choice: &Choice, seen: &'s Seen) -> Vec<&'s str> {
    let taken = |name: &str| choice.fields.iter().any(|(_, column)| column == name);
    seen.columns.iter().filter(|c| c.filled > 0 && !taken(&c.name)).map(|c| c.name.as_str()).collect()
}

/// Every word of classes, kinds, access and status.
fn words(out: &mut Page, choice: &Choice, seen: &Seen) {
    for ours in fields_of_words(choice.role) {
        let Some((_, column)) = choice.fields.iter().find(|(field, _)| field == ours) else { continue };
        let Some(of) = seen.column(column) else { continue };
        if of.many {
            out.comment(
                &format!("{ours} ({column}) has too many different values to list them: is it the right column?"),
                &format!("{ours}（{column}）取值太多，未列出：列选对了吗？"),
            );
            continue;
        }
        let by_count = of.by_count();
        if *ours == "class" {
            let to_ours = out.lang.pick("the file's values to ours", "文件中的取值与本程序等级的对应");
            let _ = writeln!(
                out,
                "[roads.classes]   # {to_ours}: motorway, trunk, primary, secondary, tertiary, local, service, track, exclude"
            );
            let [lines, odd] = out.lang.pick(["lines", "lines: not known, choose a class"], ["条", "条：未知，请选等级"]);
            for (word, n) in &by_count {
                match meaning(choice.role, ours, word) {
                    Some(class) => drop(writeln!(out, "{} = {}   # {n} {lines}", quoted(word), quoted(&class))),
                    None => drop(writeln!(out, "# {} = \"exclude\"   # {n} {odd}", quoted(&one_line(word)))),
                }
            }
            continue;
        }
        let told = |(word, n): &(&str, u64)| {
            let taken = meaning(choice.role, ours, word)
                .map(|slug| self::word(&slug, out.lang))
                .unwrap_or_else(|| out.lang.pick("NOT KNOWN, taken as unknown", "未知取值").to_owned());
            format!("{word} {n} -> {taken}")
        };
        let shown: Vec<String> = by_count.iter().take(MOST_WORDS).map(told).collect();
        let more = by_count.len().saturating_sub(MOST_WORDS);
        let more = if more > 0 { out.lang.pick(format!("; {more} more"), format!("; 另有 {more} 种")) } else { String::new() };
        let empty = seen.records.saturating_sub(of.filled);
        let empty = if empty > 0 { format!("; {} {empty}", out.lang.pick("empty", "空")) } else { String::new() };
        let line = format!("{ours} ({column}): {}{more}{empty}", shown.join("; "));
        out.comment(&line, &line);
    }
}

/// What the columns of few words of a register hold: its status and access are among them.
fn register_words(out: &mut Page, seen: &Seen) {
    let few = |c: &&ColumnSeen| !c.many && (1..=FEW_WORDS).contains(&c.values.len()) && c.filled > c.values.len() as u64;
    for column in seen.columns.iter().filter(few).take(MOST_COLUMNS) {
        let words: Vec<String> = column.by_count().into_iter().map(|(word, n)| format!("{word} {n}")).collect();
        let line = format!("{}: {}", column.name, words.join("; "));
        out.comment(&line, &line);
    }
}

fn others(out: &mut Page, choice: &Choice) {
    for (which, why) in &choice.others {
        let zh = format!("未采用：{which}（{}）", out.said(why));
        out.comment(&format!("Not taken: {which} ({why})"), &zh);
    }
}

fn criteria(out: &mut Page, choices: &[Choice], trial: Option<&Trial>) {
    out.push_str("\n[criteria]\n");
    if let Some([used, closed, private]) = trial.and_then(|t| t.stations) {
        out.comment(
            &format!(
                "Of the stations that were read {used} count; {closed} are planned or closed and {private} private (some may be both)."
            ),
            &format!("读入的站点中 {used} 个计入；{closed} 个为规划或停运，{private} 个不对外开放（可能有重叠）。"),
        );
    }
    let [access, status] = out.lang.pick(
        ["\"private\" brings those of fleets and residents in", "\"planned\" brings those in that are to come"],
        ["加上 \"private\" 可计入车队与小区内部站点", "加上 \"planned\" 可计入规划站点"],
    );
    let _ = writeln!(out, "access = [\"public\", \"unknown\"]   # {access}\nstatus = [\"open\", \"unknown\"]     # {status}");
    out.push_str("# distances_km = [5, 10, 20, 50]\n# times_min = [15, 30]\n# headline_km = 10\n");
    if !choices.iter().any(|c| matches!(c.role, Role::Settlements | Role::Population | Role::Osm)) {
        out.comment(
            "No settlements and no raster of people were found: people are not counted without them.",
            "没有找到居民点或人口栅格：缺少它们时不统计人口。",
        );
    }
}

fn read(out: &mut Page, trial: Option<&Trial>) {
    let Some(trial) = trial else { return };
    let one = |(l, [n, _, r]): &(Layer, [u64; 3])| {
        out.lang.pick(format!("{r} of {n} {}", l.as_str()), format!("{}（{n} 条中 {r} 条）", word(l.as_str(), Lang::Zh)))
    };
    let refused: Vec<String> = trial.counts.iter().filter(|(_, [.., r])| *r > 0).map(one).collect();
    if refused.is_empty() {
        return;
    }
    out.push_str("\n[read]\n");
    out.comment(
        &format!("A first reading refused {}; `chargegap check` lists each.", refused.join(", ")),
        &format!("试读时拒绝了{}；`chargegap check` 会逐条列出。", refused.join("、")),
    );
    if let Some(share) = trial.refused_share {
        out.comment(
            "That is more than the 1 % of a layer that a run accepts. Mend them, or take the # from the next line to go on without them.",
            "超过一个图层可接受的 1 %。请修正这些记录；如要舍弃它们继续，请去掉下一行的 #。",
        );
        let _ = writeln!(out, "# max_refused_share = {share}");
    }
}

fn not_used(out: &mut Page, unused: &[(String, String)]) {
    if unused.is_empty() {
        return;
    }
    out.push_str("\n");
    out.comment("Files that were looked at and are not used:", "查看过但没有使用的文件：");
    for (which, why) in unused {
        let zh = format!("  {which}：{}", out.said(why));
        out.comment(&format!("  {which}: {why}"), &zh);
    }
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
