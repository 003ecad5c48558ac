//! The tables that show on the page of a county, whichever they are: a section each, with what the columns mean and what the county has.

use crate::config::demand::Day;
use crate::files::lang::{Both, Lang};
use crate::files::messages::{chinese, word};
use crate::files::schema::{Column, Value as Cell};
use crate::files::text::{NONE, fixed, grouped, shown_share};
use crate::page::i18n::shown;
use crate::programme::Met;
use crate::results::Results;
use crate::tables::{CountyRows, tables_of};
use minijinja::{Value, context};

/// Columns that say which county a row is of, which its page says already.
const KNOWN: [&str; 6] = ["code", "county_code", "name", "name_zh", "county_name", "county_name_zh"];

/// Columns of our own sentences, which have their Chinese.
const SENTENCES: [&str; 2] = ["missing", "because"];
/// Words that are shown in words of the page.
const WORDS: [(&str, [&str; 2]); 2] = [("yes", ["yes", "是"]), ("no", ["no", "否"])];

/// The rows of all such tables, collected once for all pages.
pub struct Sections(Vec<Section>);

struct Section {
    title: Both,
    /// Columns that are shown, by number: those that have a value for some county.
    shown: Vec<(usize, Column)>,
    rows: CountyRows,
}

impl Sections {
    /// Of all tables of a run or a round.
    pub fn of(r: &Results) -> Self {
        let codes: Vec<&str> = r.counties().map(|c| c.code.as_str()).collect();
        let section = |t: crate::tables::TablePart<'_>| {
            let (title, rows) = (t.on_county?, t.rows_by_county());
            let any = |k: usize| codes.iter().flat_map(|c| rows.of(c)).any(|row| row[k] != Cell::Null);
            let heads = t.heads;
            let head = |(k, c): (usize, Column)| match heads.iter().find(|(name, _)| *name == c.name) {
                Some((_, [en, zh])) => Some((k, Column { en: (*en).to_owned(), zh: (*zh).to_owned(), ..c })),
                None => heads.is_empty().then_some((k, c)),
            };
            let shown = t.columns.into_iter().enumerate().filter(|(k, c)| !KNOWN.contains(&c.name.as_str()) && any(*k));
            Some(Section { title: Both::from(title), shown: shown.filter_map(head).collect(), rows })
        };
        Self(tables_of(r).into_iter().filter_map(section).collect())
    }

    /// The sections of a county; none of a table without a row of it.
    pub fn of_county(&self, code: &str) -> Vec<Value> {
        self.0.iter().filter_map(|s| s.of_county(code)).collect()
    }
}

impl Section {
    fn of_county(&self, code: &str) -> Option<Value> {
        let rows: Vec<Vec<Value>> = self.rows.of(code).iter().map(|row| self.values(row)).collect();
        let meanings: Vec<Value> = self.shown.iter().map(|(_, column)| Value::from(meaning(column))).collect();
        (!rows.is_empty()).then(|| context! { title => self.title.clone(), one => rows.len() == 1, meanings, rows })
    }

    fn values(&self, row: &[Cell]) -> Vec<Value> {
        self.shown.iter().map(|(k, column)| Value::from(figure(&row[*k], column))).collect()
    }
}

/// What a column means, with its unit.
fn meaning(column: &Column) -> Both {
    match unit(column.unit) {
        None => Both::new(column.en.as_str(), column.zh.as_str()),
        Some(u) => Both::new(format!("{}, {}", column.en, u.en), format!("{}，{}", column.zh, u.zh)),
    }
}

/// A unit for people; a share is shown in percent, and of a number the meaning says what is counted.
fn unit(unit: &str) -> Option<Both> {
    match unit {
        "" | "count" | "people" | "share 0-1" => None,
        "km" => Some(Both::new("km", "公里")),
        "min" => Some(Both::new("min", "分钟")),
        "points" => Some(Both::new("points", "分")),
        "kW" => Some(Both::new("kW", "千瓦")),
        other => Some(Both::same(shown(other))),
    }
}

/// Our own sentences, each perhaps behind the code of the county that it is of.
fn sentences(text: &str) -> Both {
    let zh = |one: &str| {
        let (code, what) = one.split_once(": ").filter(|(code, _)| code.bytes().all(|b| b.is_ascii_digit())).unwrap_or(("", one));
        let said = chinese(what).unwrap_or_else(|| word(what, Lang::Zh));
        if code.is_empty() { said } else { format!("{code}：{said}") }
    };
    Both::new(shown(text), shown(&text.split("; ").map(zh).collect::<Vec<_>>().join("；")))
}

/// A value for people.
fn figure(value: &Cell, column: &Column) -> Both {
    Both::same(match value {
        Cell::Null => NONE.to_owned(),
        Cell::Boolean(b) => return if *b { Both::new("yes", "是") } else { Both::new("no", "否") },
        Cell::Integer(i) if column.name == "year" => i.to_string(),
        Cell::Integer(i) if *i >= 0 => grouped(i.unsigned_abs()),
        Cell::Real(v) | Cell::Exact(v) => match column.unit {
            "share 0-1" => shown_share(*v),
            "km" | "min" | "s" => fixed(*v, 1),
            "kW" | "kWh" | "kWh/day" | "kg/day" | "swaps/day" | "vehicles" | "piles" => {
                fixed(*v, if v.abs() < 10.0 { 1 } else { 0 })
            }
            _ => fixed(*v, 3),
        },
        Cell::Text(text) if SENTENCES.contains(&column.name.as_str()) => return sentences(text),
        Cell::Text(text) => shown(text),
        Cell::Word(word) => {
            let day = Day::from_word(word).map(Day::names);
            let verdict = || [Met::Met, Met::NotMet, Met::CannotBeTold].into_iter().find(|m| m.as_str() == *word).map(Met::names);
            let plain = || WORDS.iter().find(|(own, _)| own == word).map(|(_, both)| *both);
            return day.or_else(verdict).or_else(plain).map_or_else(|| Both::same(shown(word)), Both::from);
        }
        other => shown(&other.cell()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::schema::ColumnType;
    use crate::page::report::fixture::{CHARGING_ONLY, outcome};

    #[test]
    fn values_are_for_people_and_meanings_have_their_unit() {
        let column = |unit| Column::new("x", "x", ColumnType::Real, unit, "Way", "路程");
        assert_eq!(meaning(&column("km")), Both::new("Way, km", "路程，公里"));
        assert_eq!(meaning(&column("share 0-1")), Both::new("Way", "路程"));
        let said = |value: Cell, unit| figure(&value, &column(unit)).en;
        assert_eq!([said(Cell::Real(12.34), "km"), said(Cell::Real(0.125), "share 0-1")], ["12.3", "12.5 %"]);
        assert_eq!([said(Cell::Integer(1234), "count"), said(Cell::Null, "km")], ["1,234", "–"]);
        assert_eq!(said(Cell::Text("=a".into()), ""), "=a"); // no spreadsheet reads it
        assert_eq!(sentences("500154: a district cannot apply; of nobody").zh, "500154：市辖区不能申报；of nobody");
        assert_eq!(sentences("field total_kw of stations").zh, "站点字段 total_kw");
        let year = Column { name: "year".to_owned(), ..column("") };
        assert_eq!((figure(&Cell::Integer(2025), &year).en, said(Cell::Real(1234.6), "kWh")), ("2025".into(), "1,235".into()));
        assert_eq!(figure(&Cell::Word("no"), &column("")), Both::new("no", "否"));
    }

    #[test]
    fn the_equity_of_a_county_is_that_of_its_row() {
        let o = outcome(CHARGING_ONLY);
        let sections = Sections::of(o.results);
        let of = |code: &str| sections.of_county(code).into_iter().next().unwrap();
        // the first county has one place with 50 people, and the row `all` is on no page
        let rows = of("500001").get_attr("rows").unwrap();
        assert_eq!(rows.len(), Some(1));
        let meanings: Vec<String> =
            of("500001").get_attr("meanings").unwrap().try_iter().unwrap().map(|m| m.to_string()).collect();
        // parts of Theil's T are given for the whole region only, so no page shows them; the code is in the head of the page
        assert!(!meanings.iter().any(|m| m.contains("between counties") || m.contains("code as text")));
        let people = meanings.iter().position(|m| m.contains("People in settlements with a way")).unwrap();
        let value = rows.get_item_by_index(0).unwrap().get_item_by_index(people).unwrap();
        assert_eq!(value.get_attr("en").unwrap().as_str(), Some("50"));
        assert!(sections.of_county("none").is_empty());
    }
}
