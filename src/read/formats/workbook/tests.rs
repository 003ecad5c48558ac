use super::cells::text_of;
use super::header::Header;
use super::merged::Merged;
use super::open::Sheet;
use super::*;
use calamine::{Cell, Data, Range};

/// Row and column.
type Corner = (u32, u32);

/// A sheet that begins at a row and column, blanks where the text is empty; digits are numbers.
fn sheet((row, column): Corner, rows: &[&[&str]], merged: &[(Corner, Corner)]) -> Sheet {
    let mut cells = Vec::new();
    for (r, list) in (row..).zip(rows) {
        for (c, text) in (column..).zip(*list).filter(|(_, t)| !t.is_empty()) {
            let value = text.parse().map_or_else(|_| Data::String((*text).to_owned()), Data::Float);
            cells.push(Cell::new((r, c), value));
        }
    }
    let merged = merged.iter().map(|(start, end)| Merged { start: *start, end: *end }).collect();
    Sheet { name: "s".to_owned(), cells: Range::from_sparse(cells), merged, ..Sheet::default() }
}

fn map(own: &[(&str, &str)]) -> FieldMap {
    let own = own.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    FieldMap::new("t", &[("code", &["code"]), ("population", &["population"])], &own).unwrap()
}

/// Names of the header and the first row below it, or what is said.
fn header(sheet: &Sheet, own: &[(&str, &str)]) -> std::result::Result<(Vec<String>, usize), String> {
    let columns = map(own);
    let wanted: Vec<String> = own.iter().map(|(_, theirs)| (*theirs).to_owned()).collect();
    let needs = |names: &[String]| {
        let has = columns.finds(names, "code");
        if has { Ok(()) } else { Err("the code".to_owned()) }
    };
    let file = SourceFile { path: "t".into(), shown: "t".to_owned() };
    let wants = Wants { columns: &columns, wanted: &wanted, also: &[], needs: &needs };
    let found = Header::find(sheet, &wants).and_then(|h| h.without_repeats(sheet, &wants));
    found.map(|h| (h.names, h.first_data)).map_err(|e| e.in_file(&file).to_string())
}

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|n| (*n).to_owned()).collect()
}

#[test]
fn titles_and_blank_rows_above_the_header_are_passed() {
    let title = sheet((0, 0), &[&["Population, 2020"], &[""], &["code", "population"], &["1", "5"]], &[((0, 0), (0, 1))]);
    assert_eq!(header(&title, &[]), Ok((names(&["code", "population"]), 3)));
    // A title right above, merged over all columns, is no name over them.
    let title = sheet((0, 0), &[&["Population, 2020"], &["code", "population"], &["1", "5"]], &[((0, 0), (0, 1))]);
    assert_eq!(header(&title, &[]), Ok((names(&["code", "population"]), 2)));
}

#[test]
fn names_over_two_rows_are_put_together() {
    let rows: &[&[&str]] = &[&["code", "name", "Population", ""], &["", "", "urban", "rural"], &["1", "A", "600", "400"]];
    let want = names(&["code", "name", "Population / urban", "Population / rural"]);
    let told = [((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 2), (0, 3))];
    assert_eq!(header(&sheet((0, 0), rows, &told), &[]), Ok((want.clone(), 2)));
    // The same where the file does not tell of merged cells, and lower in a sheet that begins at C3.
    assert_eq!(header(&sheet((0, 0), rows, &[]), &[]), Ok((want.clone(), 2)));
    let lower = told.map(|(a, b)| ((a.0 + 2, a.1 + 2), (b.0 + 2, b.1 + 2)));
    assert_eq!(header(&sheet((2, 2), rows, &lower), &[]), Ok((want, 2)));
    // One name over two columns is no column.
    let said = header(&sheet((0, 0), rows, &told), &[("population", "Population")]).unwrap_err();
    assert!(said.contains("\"Population\" stands over 2 columns: \"Population / urban\", \"Population / rural\""), "{said}");
    let one = header(&sheet((0, 0), rows, &told), &[("population", "Population / urban")]);
    assert!(one.is_ok(), "{one:?}");
}

#[test]
fn a_row_of_data_with_a_blank_is_no_second_row_of_names() {
    let rows: &[&[&str]] = &[&["code", "name", "", "population"], &["1", "A", "x", "5"]];
    assert_eq!(header(&sheet((0, 0), rows, &[]), &[]), Ok((names(&["code", "name", "column C", "population"]), 1)));
    let rows: &[&[&str]] = &[&["code", "name", "population"], &["a", "b", ""]];
    assert_eq!(header(&sheet((0, 0), rows, &[]), &[]), Ok((names(&["code", "name", "population"]), 1)));
}

#[test]
fn repeated_names_are_refused_where_they_differ_and_matter() {
    let said = header(&sheet((0, 0), &[&["code", "population", "population"], &["1", "1000", "1"]], &[]), &[]).unwrap_err();
    assert!(said.contains("2 columns are called \"population\", and they differ: 1000 and 1"), "{said}");
    let same = sheet((0, 0), &[&["code", "population", "population"], &["1", "7", "7"]], &[]);
    assert_eq!(header(&same, &[]), Ok((names(&["code", "population", "population (C)"]), 1)));
    let others = sheet((0, 0), &[&["code", "x", "x"], &["1", "7", "8"]], &[]);
    assert_eq!(header(&others, &[]), Ok((names(&["code", "x (B)", "x (C)"]), 1)));
}

#[test]
fn a_sheet_without_a_header_shows_its_first_rows() {
    let said = header(&sheet((4, 0), &[&["Read me"], &["a", "b"]], &[]), &[]).unwrap_err();
    assert!(said.contains("t:5") && said.contains("a header with the code; its first rows are \"Read me\", \"a | b\""), "{said}");
    assert!(header(&sheet((0, 0), &[], &[]), &[]).unwrap_err().contains("the sheet \"s\" is empty"));
}

#[test]
fn numbers_stay_numbers_and_cells_have_their_names() {
    let text = |v: Data| text_of(&v);
    assert_eq!(text(Data::Float(500_229.0)), "500229");
    assert_eq!(text(Data::Float(2.5)), "2.5");
    assert_eq!(text(Data::String(" a \n b".to_owned())), "a b");
    assert_eq!(text(Data::DateTimeIso("2021-03-05T00:00:00".to_owned())), "2021-03-05");
    let sheet = sheet((0, 25), &[&["code", "x"]], &[]);
    assert_eq!((sheet.cell_name(1, 0), sheet.cell_name(0, 1)), ("Z2".to_owned(), "AA1".to_owned()));
}
