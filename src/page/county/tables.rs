//! The tables that show on the page of a county, whichever they are: a section each, with what the columns mean and what the county has.

use super::words::{self, Names, figure, meaning};
use crate::files::lang::Both;
use crate::files::schema::{Column, Value as Cell};
use crate::results::Results;
use crate::tables::{CountyRows, tables_of};
use minijinja::{Value, context};

/// Columns that say which county a row is of, which its page says already.
const KNOWN: [&str; 5] = ["county_code", "name", "name_zh", "county_name", "county_name_zh"];
/// Columns that end so hold in Chinese what the column before holds in English: a page shows them as one.
const CHINESE: &str = "_zh";

/// Rows of a table that stand side by side where it has more columns than fit a page.
const MOST_UPRIGHT: usize = 4;
/// Columns that fit a page.
const WIDEST: usize = 8;

/// The rows of all such tables, collected once for all pages.
pub struct Sections {
    all: Vec<Section>,
    names: Names,
}

struct Section {
    title: Both,
    /// Columns that are shown, by number: those that have a value for some county.
    shown: Vec<Shown>,
    rows: CountyRows,
}

/// A column that is shown.
struct Shown {
    at: usize,
    /// Where the same stands in Chinese.
    chinese: Option<usize>,
    column: Column,
}

impl Sections {
    /// Of all tables of a run or a round.
    pub fn of(r: &Results) -> Self {
        let codes: Vec<&str> = r.counties().map(|c| c.code.as_str()).collect();
        let section = |t: crate::tables::TablePart<'_>| {
            let (title, rows) = (t.on_county?, t.rows_by_county());
            let any = |k: usize| codes.iter().flat_map(|c| rows.of(c)).any(|row| row[k] != Cell::Null);
            let at = |name: &str| t.columns.iter().position(|c| c.name == name);
            let heads = t.heads;
            let shown = |(k, c): (usize, &Column)| {
                let chinese = at(&format!("{}{CHINESE}", c.name));
                let own = c.name.strip_suffix(CHINESE).is_none_or(|base| at(base).is_none());
                if KNOWN.contains(&c.name.as_str()) || !own || !(any(k) || chinese.is_some_and(any)) {
                    return None;
                }
                let mut column = c.clone();
                let head = heads.iter().find(|(name, _)| *name == c.name).map(|(_, both)| *both);
                if head.is_none() && !heads.is_empty() {
                    return None;
                }
                if let Some([en, zh]) = head.or_else(|| words::own_meaning(&c.name)) {
                    (column.en, column.zh) = (en.to_owned(), zh.to_owned());
                }
                Some(Shown { at: k, chinese, column })
            };
            let shown = t.columns.iter().enumerate().filter_map(shown).collect();
            Some(Section { title: Both::from(title), shown, rows })
        };
        Self { all: tables_of(r).into_iter().filter_map(section).collect(), names: Names::of(r) }
    }

    /// The sections of a county; none of a table without a row of it.
    pub fn of_county(&self, code: &str) -> Vec<Value> {
        self.all.iter().filter_map(|s| s.of_county(code, &self.names)).collect()
    }
}

impl Section {
    fn of_county(&self, code: &str, names: &Names) -> Option<Value> {
        let rows: Vec<Vec<Value>> = self.rows.of(code).iter().map(|row| self.values(row, names)).collect();
        let upright = rows.len() <= MOST_UPRIGHT && self.shown.len() > WIDEST;
        let meanings: Vec<Value> = self.shown.iter().map(|s| Value::from(meaning(&s.column, s.chinese.is_some()))).collect();
        (!rows.is_empty()).then(|| context! { title => self.title.clone(), one => rows.len() == 1, upright, meanings, rows })
    }

    fn values(&self, row: &[Cell], names: &Names) -> Vec<Value> {
        let text = |name: &str| match self.shown.iter().find(|s| s.column.name == name).map(|s| &row[s.at]) {
            Some(Cell::Text(text)) => text.as_str(),
            _ => "",
        };
        let one = |s: &Shown| {
            let value = figure(&row[s.at], &s.column, (text("programme"), names));
            match s.chinese.map(|k| &row[k]) {
                Some(Cell::Text(chinese)) => {
                    let zh = words::plain(chinese, &s.column.name);
                    let en = if row[s.at] == Cell::Null { zh.clone() } else { value.en };
                    // a name of two languages has both for who reads English
                    let is_name = words::IS_NAME.contains(&s.column.name.as_str()) && en != zh;
                    Both::new(if is_name { format!("{en} {zh}") } else { en }, zh)
                }
                _ => value,
            }
        };
        self.shown.iter().map(|s| Value::from(one(s))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::report::fixture::{CHARGING_ONLY, outcome};

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
