//! The text for whoever opens an archive, in English and Chinese.

use super::listing::Listing;
use crate::config::round_file::RoundTable;
use crate::files::text::clean;

const TEXT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/maps/archive/README.txt"));

/// Longest name or id that is written.
const LONGEST: usize = 200;

/// The text for an archive.
pub fn text(listing: &Listing, round: &RoundTable) -> String {
    let name = if round.name.is_empty() { &round.id } else { &round.name };
    let signed = round.signed_by.as_deref().map(|by| clean(by, LONGEST));
    let [en, zh] = [", signed by ", "，签署人："].map(|of| signed.as_deref().map_or(String::new(), |by| format!("{of}{by}")));
    let put = [
        ("{name}", clean(name, LONGEST)),
        ("{name_zh}", clean(round.name_zh.as_deref().unwrap_or(name), LONGEST)),
        ("{id}", clean(&round.id, LONGEST)),
        ("{signed}", en),
        ("{signed_zh}", zh),
        ("{round_file}", clean(&listing.round_file, LONGEST)),
        ("{version}", listing.chargegap_version.clone()),
    ];
    filled(TEXT, &put)
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

    #[test]
    fn the_text_names_the_round_and_leaves_no_word_open() {
        let round = RoundTable { id: "2026-1 {name}".to_owned(), signed_by: Some("Office".to_owned()), ..RoundTable::default() };
        let listing = Listing::new("inputs/round.toml".to_owned(), &round, ArchivedCommand::default());
        let text = text(&listing, &round);
        assert!(
            text.contains("Round 2026-1 {name}, signed by Office.") && text.contains("轮次编号：2026-1 {name}，签署人：Office。")
        );
        assert!(text.contains("chargegap round inputs/round.toml -o again"));
        // the only braces left are those of the id: as name, Chinese name, and twice as id
        assert_eq!(text.matches('{').count(), 4);
    }
}
