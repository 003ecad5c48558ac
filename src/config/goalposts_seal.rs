//! `values_sha256` of `[rank.goalposts]`: the program seals the goalposts that it writes, so that values that somebody changed afterwards are
//! not taken for those of a finished round. It is no signature: who can write a file can seal it. Goalposts without it are by hand, and are
//! told as such.

use super::goalposts::{Goalpost, SOURCE_KEY, text_of};
use crate::error::{Error, Location, Result};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Key of `[rank.goalposts]` that seals the others.
pub const SEAL_KEY: &str = "values_sha256";

/// The SHA-256 of goalposts by what they say: the spelling of a number, the order of keys, blanks and comments do not show in it.
pub fn seal(goalposts: &BTreeMap<String, Goalpost>) -> String {
    let shared = text_of(goalposts, SOURCE_KEY).unwrap_or_default();
    let one = |(key, g): (&String, &Goalpost)| {
        let own = g.source();
        let source = if own.is_empty() { shared } else { own }.trim();
        // -0 is 0
        let [low, high] = g.ends()?.map(|end| end + 0.0);
        let by_hand = matches!(g, Goalpost::Told(t) if t.by_hand == Some(true));
        Some(json!([key, low, high, source, g.sha256().map(|sha| sha.trim().to_ascii_lowercase()), by_hand]))
    };
    let all: Vec<_> = goalposts.iter().filter_map(one).collect();
    Sha256::digest(json!(all).to_string().as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

/// Holds goalposts against their seal, where they have one, and notes of each whether it is by hand.
///
/// # Errors
/// Input, when the values are not those that were sealed.
pub(super) fn hold(goalposts: &mut BTreeMap<String, Goalpost>, file: &Location) -> Result<()> {
    let given = text_of(goalposts, SEAL_KEY).map(|given| given.trim().to_ascii_lowercase());
    if let Some(given) = &given {
        let found = seal(goalposts);
        if *given != found {
            let what = format!(
                "the goalposts are not as chargegap wrote them: their values have the SHA-256 {found}, and {given} is given"
            );
            let next = "bring back the file as it was written; goalposts of your own go into the file that names it, or without values_sha256, and are then told as written by hand";
            return Err(Error::input(what, next).at(file.clone().field(format!("rank.goalposts.{SEAL_KEY}"))));
        }
    }
    for goalpost in goalposts.values_mut() {
        if let Goalpost::Told(told) = goalpost {
            told.by_hand = Some(given.is_none() || told.by_hand == Some(true));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RankTable;

    fn read(text: &str) -> Result<RankTable> {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("posts.toml"), text).unwrap();
        let mut table = RankTable::default();
        table.goalposts.insert("file".to_owned(), Goalpost::Text("posts.toml".to_owned()));
        table.goalposts.insert("c".to_owned(), Goalpost::Ends([0.0, 1.0]));
        table.read_goalposts(dir.path(), dir.path()).map(|()| table)
    }

    fn by_hand(table: &RankTable) -> Vec<(&str, bool)> {
        table.goalposts_of().map(|(key, g)| (key.as_str(), g.is_by_hand())).collect()
    }

    /// `[["a",0.0,2.5,"round 1","00…",false],["b",1.0,3.0,"plan",null,true]]` has this SHA-256 (by `sha256sum`).
    const SEAL: &str = "12e64a2954333e7f7cbb81d8edf2d9632c2c41a8a73f3948dff6ad253558b58c";
    const A: &str = "a = { low = 0, high = 2.5, source = \"round 1\", sha256 = \"SHA\" }\n";
    const B: &str = "b = { low = 1, high = 3, source = \"plan\", by_hand = true }\n";

    fn file(a: &str, b: &str) -> String {
        format!("[rank.goalposts]\nvalues_sha256 = \"{SEAL}\"\n{a}{b}").replace("SHA", &"0".repeat(64))
    }

    #[test]
    fn the_same_values_in_another_spelling_hold() {
        for (a, b) in [
            (A, B),
            (B, A), // the order of keys
            ("# last year's\na = { high = 25e-1, low = -0.0, sha256 = \"SHA\", source = \" round 1 \" } # ends\n", B),
            (A, "[rank.goalposts.b]\nlow = 1.0\nhigh = 3.00\nby_hand = true\nsource = 'plan'\n"),
            (A, "b = { low = 1, high = 3, by_hand = true }\nsource = \"plan\"\n"),
        ] {
            let table = read(&file(a, b)).unwrap_or_else(|e| panic!("{a}{b}: {e}"));
            // what stands in the file that names it is by hand, and so is what the sealed file calls so
            assert_eq!(by_hand(&table), [("a", false), ("b", true), ("c", true)], "{a}{b}");
        }
    }

    #[test]
    fn values_that_were_changed_are_refused_and_values_without_a_seal_are_by_hand() {
        for (a, b) in [
            (A.replace("2.5", "2.6"), B.to_owned()),
            (A.replace("low = 0", "low = 0.1"), B.to_owned()),
            (A.replace("round 1", "round 2"), B.to_owned()),
            (A.replace("SHA", &"1".repeat(64)), B.to_owned()),
            (A.replace(", sha256 = \"SHA\"", ""), B.to_owned()),
            (A.to_owned(), B.replace("true", "false")),
            (A.to_owned(), String::new()),
            (A.to_owned(), format!("{B}d = [0, 1]\n")),
            (A.replace("a =", "e ="), B.to_owned()),
        ] {
            let e = read(&file(&a, &b)).unwrap_err();
            let told = e.to_string();
            assert!(told.contains("not as chargegap wrote them") && told.contains(SEAL), "{a}{b}: {told}");
            assert!(told.contains("posts.toml") && told.contains("rank.goalposts.values_sha256"), "{told}");
            assert_eq!(e.exit_code(), 1);
        }
        let table = read(&file(A, B).replace(&format!("values_sha256 = \"{SEAL}\"\n"), "")).unwrap();
        assert_eq!(by_hand(&table), [("a", true), ("b", true), ("c", true)]);
        // nobody makes a file of his own the program's by saying so
        let claimed = read("[rank.goalposts]\na = { low = 0, high = 1, source = \"round 1\", by_hand = false }\n").unwrap();
        assert_eq!(by_hand(&claimed), [("a", true), ("c", true)]);
    }
}
