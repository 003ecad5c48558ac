//! The text for whoever opens an archive, in English and Chinese.

use super::listing::Listing;
use super::readme_more;
use crate::config::RoundFile;
use crate::files::lang::Both;
use crate::files::text::clean;
use crate::results::applied::AppliedList;
use std::collections::BTreeSet;

const TEXT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/maps/archive/README.txt"));

/// Longest name or id that is written.
const LONGEST: usize = 200;

/// The text for an archive of a round; `list` is who applies, none where all counties take part, and `results` names the files of the folder
/// of the round.
pub fn text(listing: &Listing, file: &RoundFile, list: Option<&AppliedList>, results: &BTreeSet<&str>) -> String {
    let round = &file.round;
    let name = if round.name.is_empty() { &round.id } else { &round.name };
    let signed = round.signed_by.as_deref().map(|by| clean(by, LONGEST));
    let [en, zh] = [", signed by ", "，签署人："].map(|of| signed.as_deref().map_or(String::new(), |by| format!("{of}{by}")));
    let who = who_applied(listing, list);
    let more = readme_more::questions(listing, results);
    let put = [
        ("{name}", clean(name, LONGEST)),
        ("{name_zh}", clean(round.name_zh.as_deref().unwrap_or(name), LONGEST)),
        ("{id}", clean(&round.id, LONGEST)),
        ("{signed}", en),
        ("{signed_zh}", zh),
        ("{round_file}", clean(&listing.round_file, LONGEST)),
        ("{version}", listing.chargegap_version.clone()),
        ("{rust}", env!("CARGO_PKG_RUST_VERSION").to_owned()),
        ("{faults}", file.accept.len().to_string()),
        ("{overrides}", file.rank.overrides.len().to_string()),
        ("{appeals}", file.appeals.len().to_string()),
        ("{list_en}", who.en),
        ("{list_zh}", who.zh),
        ("{more_en}", more.en),
        ("{more_zh}", more.zh),
    ];
    filled(TEXT, &put)
}

/// Where the content of an input stands; one that could not be passed on is told by its path alone.
pub(super) fn place_of(listing: &Listing, path: &str) -> String {
    let packed = listing.inputs.iter().find(|i| i.path == path).and_then(|i| i.packed.clone());
    clean(&packed.unwrap_or_else(|| format!("{path} (inputs.csv)")), LONGEST)
}

/// How many applied, and where that stands.
fn who_applied(listing: &Listing, list: Option<&AppliedList>) -> Both {
    let Some(list) = list else {
        return Both::new("no list: all counties of the regions take part", "没有名单：各地区的所有县均参评");
    };
    let n = list.number;
    let place = list.file.as_deref().map(|path| place_of(listing, path));
    match (list.from.as_str(), place) {
        ("applicants", Some(place)) => Both::new(
            format!("{n} applications: the register {place}, and what became of each in results/applicants.csv"),
            format!("申报共 {n} 份：登记表 {place}，每份的结果见 results/applicants.csv"),
        ),
        (_, Some(place)) => Both::new(
            format!("{n} codes: {place}, [regions] of the round file, and list in results/manifest.json"),
            format!("代码共 {n} 个：{place}、轮次文件的 [regions]、results/manifest.json 的 list"),
        ),
        (_, None) => Both::new(
            format!("{n} codes: [regions] of the round file, and list in results/manifest.json"),
            format!("代码共 {n} 个：轮次文件的 [regions]、results/manifest.json 的 list"),
        ),
    }
}

/// The text with what is put in for each word in braces; what is put in is not looked at again.
fn filled(text: &str, put: &[(&str, String)]) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find('{') {
        out += &rest[..at];
        rest = &rest[at..];
        let found = put.iter().find_map(|(word, with)| Some((rest.strip_prefix(word)?, with)));
        match found {
            Some((after, with)) => (out, rest) = (out + with, after),
            None => (out, rest) = (out + "{", &rest[1..]),
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::listing::ArchivedCommand;
    use crate::config::accept::AcceptTable;

    #[test]
    fn the_text_names_the_round_and_leaves_no_word_open() {
        let mut file =
            RoundFile::parse("[round]\nid = \"2026-1 {name}\"\nsigned_by = \"Office\"\n[regions]\nfiles = [\"a\"]\n", "r")
                .unwrap();
        let none = BTreeSet::new();
        let listing = Listing::new("inputs/round.toml".to_owned(), &file.round, ArchivedCommand::default());
        let said = text(&listing, &file, None, &none);
        assert!(
            said.contains("Round 2026-1 {name}, signed by Office.") && said.contains("轮次编号：2026-1 {name}，签署人：Office。")
        );
        assert!(said.contains("chargegap round inputs/round.toml -o again"));
        // the only braces left are those of the id: as name, Chinese name, and twice as id
        assert_eq!(said.matches('{').count(), 4);
        assert!(said.contains("faults accepted: 0.") && said.contains("没有名单：各地区的所有县均参评"));
        file.accept = vec![AcceptTable::default(); 2];
        let list = AppliedList::of("applicants", Some(("a.csv", "x")), vec![("1".to_owned(), "1".to_owned()); 3]);
        let said = text(&listing, &file, Some(&list), &none);
        assert!(said.contains("faults accepted: 2. [[accept]]") && said.contains("已接受的缺陷共 2 项"));
        // it is not packed: its path leads to inputs.csv
        assert!(said.contains("3 applications: the register a.csv (inputs.csv)") && said.contains("申报共 3 份：登记表 a.csv"));
    }
}
