//! What the draft is filled with: sentences in one language, and rows of the folder's tables as people write numbers.

use crate::error::{Error, Result};
use crate::files::csv_table::{CsvRow, CsvTable};
use crate::files::lang::Lang;
use crate::files::text::{fixed, grouped};
use crate::finished::Finished;
use std::collections::BTreeMap;

const TEXTS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/maps/draft/texts.toml"));
/// What stands for a figure that is not known.
const NONE: &str = "–";

/// The sentences.
pub(super) struct Words {
    all: BTreeMap<String, [String; 2]>,
    pub(super) lang: Lang,
}

impl Words {
    /// Those of a language.
    ///
    /// # Errors
    /// Internal, when the table of texts is not well-formed.
    pub(super) fn load(lang: Lang) -> Result<Self> {
        let all = toml::from_str(TEXTS).map_err(|e| Error::internal(format!("the texts of the draft cannot be read: {e}")))?;
        Ok(Self { all, lang })
    }

    /// A sentence; one that is not there shows as its key.
    pub(super) fn say(&self, key: &str) -> String {
        let pick = |both: &[String; 2]| both[usize::from(self.lang == Lang::Zh)].clone();
        self.all.get(key).map_or_else(|| key.to_owned(), pick)
    }

    /// A sentence with words put in for those in braces; what is put in is not looked at again.
    pub(super) fn fill(&self, key: &str, put: &[(&str, String)]) -> String {
        let text = self.say(key);
        let (mut out, mut rest) = (String::new(), text.as_str());
        while let Some((before, after)) = rest.split_once('{') {
            out += before;
            let (word, after) = after.split_once('}').unwrap_or((after, ""));
            out += put.iter().find(|(w, _)| *w == word).map_or("", |(_, with)| with.as_str());
            rest = after;
        }
        out + rest
    }
}

/// A folder, read for the draft: what several chapters tell of counties is looked up once.
pub(super) struct Data<'f> {
    pub(super) folder: &'f Finished,
    pub(super) words: Words,
    pub(super) figures: CsvTable,
    pub(super) ranking: CsvTable,
    /// The headline distance.
    pub(super) km: f64,
    /// Road and gap of each county for charging at the headline, km.
    books: BTreeMap<String, [f64; 2]>,
    /// Names of counties in the language, as the ranking has them.
    names: BTreeMap<String, String>,
}

impl<'f> Data<'f> {
    /// Reads what every chapter needs.
    ///
    /// # Errors
    /// Input, when a table was changed.
    pub(super) fn read(folder: &'f Finished, words: Words) -> Result<Self> {
        let [figures, ranking] = [folder.table("figures.csv")?, folder.table("ranking.csv")?];
        let km = ranking.rows().next().map(|row| row.number("headline_km")).transpose()?.flatten().unwrap_or(0.0);
        let mut books: BTreeMap<String, [f64; 2]> = BTreeMap::new();
        let ledger = folder.table("ledger.csv")?;
        for row in ledger.rows().filter(|r| r.get("service") == "charging" && r.get("is_total") == "true") {
            if row.number("limit_km")? == Some(km) {
                let both = books.entry(row.get("county_code").to_owned()).or_default();
                both[0] += row.number("road_km")?.unwrap_or(0.0);
                both[1] += row.number("gap_km")?.unwrap_or(0.0);
            }
        }
        let mut data = Self { folder, words, figures, ranking, km, books, names: BTreeMap::new() };
        let mut names = BTreeMap::new();
        for row in data.ranking.rows() {
            names.insert(row.get("county_code").to_owned(), data.name(&row, ["name", "name_zh"], "county_code")?);
        }
        data.names = names;
        Ok(data)
    }

    /// The name of a county, or its code.
    pub(super) fn county(&self, code: &str) -> String {
        self.names.get(code).map_or(code, String::as_str).to_owned()
    }

    /// Road and gap of a county for charging at the headline, km.
    pub(super) fn road_and_gap(&self, code: &str) -> [f64; 2] {
        self.books.get(code).copied().unwrap_or_default()
    }

    /// The same of all counties.
    pub(super) fn all_road_and_gap(&self) -> [f64; 2] {
        self.books.values().fold([0.0; 2], |sum, own| [sum[0] + own[0], sum[1] + own[1]])
    }

    /// The figures of counties at the headline distance, with all stations.
    ///
    /// # Errors
    /// Input, for a cell that is no number.
    pub(super) fn at_headline(&self) -> Result<Vec<CsvRow<'_>>> {
        let mut rows = Vec::new();
        for row in self.figures.rows().filter(|r| r.get("stations") == "all") {
            if row.number("service_distance_km")? == Some(self.km) {
                rows.push(row);
            }
        }
        Ok(rows)
    }
}

impl Data<'_> {
    /// A table, where the folder has it.
    ///
    /// # Errors
    /// Input, when it was changed.
    pub(super) fn table(&self, name: &str) -> Result<Option<CsvTable>> {
        if self.folder.holds(name) { self.folder.table(name).map(Some) } else { Ok(None) }
    }

    /// The heads of a table by their keys.
    pub(super) fn heads(&self, keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| self.words.say(key)).collect()
    }

    /// The name of a row in the language, or its code.
    pub(super) fn name(&self, row: &CsvRow<'_>, columns: [&str; 2], code: &str) -> Result<String> {
        let order = if self.words.lang == Lang::Zh { [columns[1], columns[0]] } else { columns };
        for column in order {
            let text = if row_has(row, column) { row.text(column)? } else { String::new() };
            if !text.is_empty() {
                return Ok(text);
            }
        }
        row.text(code)
    }
}

fn row_has(row: &CsvRow<'_>, column: &str) -> bool {
    !column.is_empty() && row.cell(column).is_ok()
}

/// A number with so many decimals, or a dash.
pub(super) fn number(row: &CsvRow<'_>, column: &str, decimals: usize) -> Result<String> {
    Ok(row.number(column)?.map_or_else(|| NONE.to_owned(), |v| shown(v, decimals)))
}

/// A number as people write it.
pub(super) fn shown(value: f64, decimals: usize) -> String {
    if decimals == 0 && value >= 0.0 { grouped(value.round() as u64) } else { fixed(value, decimals) }
}

/// The sum of a column over some rows; cells that are blank add nothing.
pub(super) fn sum(rows: &[CsvRow<'_>], column: &str) -> Result<f64> {
    let mut all = 0.0;
    for row in rows {
        all += row.number(column)?.unwrap_or(0.0);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_is_not_looked_at_again() {
        let words =
            Words { all: [("a".to_owned(), ["{x} of {y}, {x}".to_owned(), "{y}中{x}".to_owned()])].into(), lang: Lang::En };
        assert_eq!(words.fill("a", &[("x", "{y}".to_owned()), ("y", "3".to_owned())]), "{y} of 3, {y}");
        let words = Words { lang: Lang::Zh, ..words };
        assert_eq!(words.fill("a", &[("x", "1".to_owned()), ("y", "3".to_owned())]), "3中1");
        assert_eq!(words.say("none"), "none");
    }

    #[test]
    fn every_sentence_has_both_languages() {
        let words = Words::load(Lang::En).unwrap();
        for (key, [en, zh]) in &words.all {
            assert!(!en.is_empty() && !zh.is_empty(), "{key}");
            let braces = |t: &str| {
                let mut all: Vec<String> = t.split('{').skip(1).filter_map(|p| Some(p.split_once('}')?.0.to_owned())).collect();
                all.sort();
                all
            };
            assert_eq!(braces(en), braces(zh), "{key}");
        }
    }
}
