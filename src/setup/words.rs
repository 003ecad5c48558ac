//! The words of a layer and what they are taken for: classes of roads, kinds, access and status of stations.

use super::choose::Choice;
use super::role::Role;
use super::seen::{ColumnSeen, Seen};
use crate::config::station_words::{Access, Status};
use crate::error::Location;
use crate::read::candidate::Fixed;
use crate::read::road_class::{ClassOf, ClassWords, of_word};
use crate::read::station::kind_of_words;
use std::collections::BTreeMap;

/// A column of classes holds at most so many different values.
const MOST_CLASSES: usize = 60;

/// What one of the words of a column is taken for; `None` where nobody knows it.
pub fn meaning(role: Role, ours: &str, word: &str) -> Option<String> {
    Some(match (role, ours) {
        (Role::Roads, "class") => match ClassWords::default().of(word, &BTreeMap::new(), &Location::default()) {
            ClassOf::Class(class) => class.as_str().to_owned(),
            ClassOf::Excluded => "exclude".to_owned(),
            ClassOf::Unknown => return None,
        },
        (Role::Stations, "kind") => {
            let words = ["charging", "swap", "hydrogen"].into_iter().zip(kind_of_words(word)?).filter(|(_, has)| *has);
            words.map(|(word, _)| word).collect::<Vec<_>>().join(" and ")
        }
        (Role::Stations, "access") => Access::from_word(word)?.as_str().to_owned(),
        (Role::Candidates, "fixed") => match Fixed::from_word(word)? {
            Fixed::Open => "open".to_owned(),
            fixed => fixed.as_str().to_owned(),
        },
        (Role::Stations, "status") => Status::from_word(word)?.as_str().to_owned(),
        _ => return None,
    })
}

/// Our fields of words, by role.
pub fn fields_of_words(role: Role) -> &'static [&'static str] {
    match role {
        Role::Roads => &["class"],
        Role::Stations => &["kind", "access", "status"],
        Role::Candidates => &["fixed"],
        _ => &[],
    }
}

/// The column of road classes where none is called so: few values, of which most records' are known.
pub fn class_column(seen: &Seen) -> Option<String> {
    let known = |c: &&ColumnSeen| {
        let all: u64 = c.values.values().sum();
        let sound = c.values.iter().filter(|(v, _)| v.chars().any(char::is_alphabetic) && of_word(v).0 != ClassOf::Unknown);
        let known: u64 = sound.map(|(_, n)| n).sum();
        !c.many && c.values.len() <= MOST_CLASSES && all > 0 && known * 10 >= all * 6
    };
    seen.columns.iter().find(known).map(|c| c.name.clone())
}

/// Whether the values of a column are kinds of stations.
pub fn are_kinds(seen: &Seen, column: &str) -> bool {
    let Some(column) = seen.column(column) else { return false };
    !column.many && column.values.keys().any(|v| kind_of_words(v).is_some())
}

/// Words of the chosen layers that nobody knows, as something to decide.
pub fn unknown(choices: &[Choice]) -> Vec<(String, String)> {
    let mut open = Vec::new();
    for choice in choices {
        for ours in fields_of_words(choice.role) {
            let Some((_, column)) = choice.fields.iter().find(|(field, _)| field == ours) else { continue };
            let Some(seen) = choice.seen.first().and_then(|s| s.column(column)) else { continue };
            let odd: Vec<String> = seen
                .by_count()
                .into_iter()
                .filter(|(word, _)| meaning(choice.role, ours, word).is_none())
                .map(|(word, n)| format!("{word} ({n})"))
                .collect();
            if odd.is_empty() || choice.register.is_some() {
                continue;
            }
            let (shown, table) = (odd.iter().take(8).cloned().collect::<Vec<_>>().join(", "), choice.role.table());
            let what = format!("[{table}] {ours} has words that are not known: {shown}");
            let next = match choice.role {
                Role::Roads => "map each under [roads.classes]; its lines are left out until then",
                _ if *ours == "kind" => "alone they count as charging; change them in the file if they mean something else",
                Role::Candidates => "these sites are taken as open; write in or out in the file",
                _ => "they are taken as unknown; change them in the file if they mean something else",
            };
            open.push((what, next.to_owned()));
        }
    }
    open
}
