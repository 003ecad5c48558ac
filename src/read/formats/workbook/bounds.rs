//! Bounds of workbooks, held before a library makes room for what they ask: a few kilobytes can name a cell in the last row and column
//! of a sheet, repeat a row a million times, or point at one long text from every cell.

use calamine::{Cell, CellType, Data, DataRef, Range, Xlsb, Xlsx};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// A sheet may span so many cells whatever it holds.
const FREE_AREA: u64 = 4_000_000;
/// And so many for each cell that holds something.
const AREA_A_CELL: u64 = 64;
/// And never more than these: 48 million are some 1.2 GB.
const MOST_AREA: u64 = 48_000_000;
/// A row of an ODS workbook with content is not repeated more often: no list has so many records that are all the same.
const MOST_ALIKE: u64 = 100_000;
/// Text of all cells together, bytes.
const MOST_TEXT: u64 = 512 << 20;
/// Parts of a packed workbook.
const MOST_PARTS: usize = 10_000;
/// What the parts of a packed workbook may unpack to, whatever its size, and for each of its bytes.
const FREE_UNPACKED: u64 = 128 << 20;
const UNPACKED_A_BYTE: u64 = 100;

type Bytes = Cursor<Vec<u8>>;
type Outcome<T> = Result<T, String>;

/// The cells that a sheet spans, and how many of them hold something.
#[derive(Clone, Copy, Debug)]
struct Span {
    first: (u64, u64),
    last: (u64, u64),
    cells: u64,
    text: u64,
}

impl Default for Span {
    fn default() -> Self {
        Self { first: (u64::MAX, u64::MAX), last: (0, 0), cells: 0, text: 0 }
    }
}

impl Span {
    /// Takes in `times.0` rows by `times.1` columns of cells from a place on; what is beyond all bounds already is refused at once.
    fn take(&mut self, (row, column): (u64, u64), times: (u64, u64), text: u64) -> Outcome<()> {
        let (rows, columns) = (times.0.max(1), times.1.max(1));
        if rows > MOST_ALIKE {
            return Err(format!(
                "row {} stands {rows} times in it with the same content; delete what stands below the table",
                row + 1
            ));
        }
        self.first = (self.first.0.min(row), self.first.1.min(column));
        self.last = (self.last.0.max(row.saturating_add(rows - 1)), self.last.1.max(column.saturating_add(columns - 1)));
        let count = rows.saturating_mul(columns);
        self.cells = self.cells.saturating_add(count);
        self.text = self.text.saturating_add(text.saturating_mul(count));
        if self.cells > MOST_AREA {
            return Err(format!("it holds more than {MOST_AREA} cells"));
        }
        if self.text > MOST_TEXT {
            return Err("its cells hold more than 512 MiB of text".to_owned());
        }
        Ok(())
    }

    /// Refuses a sheet that spans far more than it holds.
    fn check(&self) -> Outcome<()> {
        if self.cells == 0 {
            return Ok(());
        }
        let side = |first: u64, last: u64| (last - first).saturating_add(1);
        let area = side(self.first.0, self.last.0).saturating_mul(side(self.first.1, self.last.1));
        if area <= (FREE_AREA + AREA_A_CELL * self.cells).min(MOST_AREA) {
            return Ok(());
        }
        Err(format!(
            "it spans {area} cells, to row {} and column {}, and holds {}; delete what stands far from the table",
            self.last.0 + 1,
            self.last.1 + 1,
            self.cells
        ))
    }
}

/// Refuses a packed workbook (XLSX, XLSB, ODS) whose parts unpack to far more than its size.
///
/// # Errors
/// A sentence.
pub(super) fn check_packed(bytes: &[u8]) -> Outcome<()> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| e.to_string())?;
    if archive.len() > MOST_PARTS {
        return Err(format!("it has more than {MOST_PARTS} parts"));
    }
    let most = FREE_UNPACKED.max((bytes.len() as u64).saturating_mul(UNPACKED_A_BYTE));
    let mut unpacked = 0u64;
    for i in 0..archive.len() {
        // What a part says here it cannot exceed: the library stops it there.
        unpacked = unpacked.saturating_add(archive.by_index_raw(i).map_err(|e| e.to_string())?.size());
    }
    if unpacked > most {
        return Err(format!("it unpacks to {} MiB, over {UNPACKED_A_BYTE} times its size", unpacked >> 20));
    }
    Ok(())
}

/// Refuses the sheets of the text of an ODS workbook that repeat cells beyond measure.
///
/// # Errors
/// A sentence.
pub(super) fn check_ods(content: &[u8]) -> Outcome<()> {
    let (mut span, mut row, mut rows, mut column) = (Span::default(), 0u64, 1u64, 0u64);
    // A cell with content, until its end: where it stands, how often, and where its content begins.
    let mut open: Option<(u64, u64, usize)> = None;
    for Tag { name, inside: tag, start, end: at } in tags(content) {
        let closed = tag.ends_with(b"/");
        match name {
            b"table:table" => (span, row, column) = (Span::default(), 0, 0),
            b"table:table-row" => {
                rows = repeated(tag, b"table:number-rows-repeated=");
                column = 0;
                if closed {
                    row = row.saturating_add(rows);
                }
            }
            b"table:table-cell" | b"table:covered-table-cell" => {
                let columns = repeated(tag, b"table:number-columns-repeated=");
                if !closed {
                    open = Some((column, columns, at));
                } else if has(tag, b"office:value") || has(tag, b"office:string-value") || has(tag, b"table:formula") {
                    span.take((row, column), (rows, columns), tag.len() as u64)?;
                }
                column = column.saturating_add(columns);
            }
            b"" if tag.starts_with(b"/table:table-cell") || tag.starts_with(b"/table:covered-table-cell") => {
                if let Some((column, columns, from)) = open.take() {
                    span.take((row, column), (rows, columns), (start - from) as u64)?;
                }
            }
            b"" if tag.starts_with(b"/table:table-row") => row = row.saturating_add(rows),
            b"" if tag == b"/table:table" => span.check()?,
            _ => {}
        }
    }
    span.check()
}

/// A tag of XML.
pub(super) struct Tag<'x> {
    /// Its name; empty for one that ends something.
    pub name: &'x [u8],
    /// All of it, without the angle brackets.
    pub inside: &'x [u8],
    /// Where it begins.
    start: usize,
    /// Where it has ended.
    end: usize,
}

/// The tags of XML, in order.
pub(super) fn tags(xml: &[u8]) -> impl Iterator<Item = Tag<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = find(xml, at, b'<')?;
        let end = find(xml, start, b'>')?;
        at = end + 1;
        let inside = &xml[start + 1..end];
        let name = inside.split(|b| b.is_ascii_whitespace() || *b == b'/').next().unwrap_or_default();
        Some(Tag { name, inside, start, end: at })
    })
}

fn find(bytes: &[u8], from: usize, what: u8) -> Option<usize> {
    bytes.get(from..)?.iter().position(|b| *b == what).map(|i| from + i)
}

pub(super) fn has(tag: &[u8], what: &[u8]) -> bool {
    tag.windows(what.len()).any(|w| w == what)
}

/// The number that an attribute repeats something by; one without it.
pub(super) fn repeated(tag: &[u8], attribute: &[u8]) -> u64 {
    let Some(start) = tag.windows(attribute.len()).position(|w| w == attribute) else { return 1 };
    let digits = tag[start + attribute.len()..].iter().skip(1).take_while(|b| b.is_ascii_digit());
    digits.fold(0u64, |n, b| n.saturating_mul(10).saturating_add(u64::from(b - b'0'))).max(1)
}

/// Refuses an old workbook (XLS) whose sheets span beyond measure.
///
/// # Errors
/// A sentence.
pub(super) fn check_xls(bytes: &[u8]) -> Outcome<()> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|e| e.to_string())?;
    for name in ["/Workbook", "/Book"] {
        let Ok(stream) = file.open_stream(name) else { continue };
        let mut records = Vec::new();
        stream.take(bytes.len() as u64).read_to_end(&mut records).map_err(|e| e.to_string())?;
        check_records(&records)?;
    }
    Ok(())
}

/// The records of an old workbook: number, length, content, and again.
fn check_records(mut rest: &[u8]) -> Outcome<()> {
    let two = |r: &[u8], i: usize| Some(u16::from_le_bytes([*r.get(i)?, *r.get(i + 1)?]));
    let four = |r: &[u8], i: usize| Some(u64::from(two(r, i)?) | u64::from(two(r, i + 2)?) << 16);
    let mut span = Span::default();
    while let (Some(number), Some(length)) = (two(rest, 0), two(rest, 2)) {
        let Some((content, after)) = rest[4..].split_at_checked(usize::from(length)) else { break };
        rest = after;
        match number {
            // A part begins.
            0x0809 => {
                span.check()?;
                span = Span::default();
            }
            // The sheet's size, as it says: room is made for it.
            0x0200 => {
                let (first, last) = if content.len() == 10 {
                    (two(content, 0).map(u64::from), two(content, 2).map(u64::from))
                } else {
                    (four(content, 0), four(content, 4))
                };
                let columns = two(content, if content.len() == 10 { 6 } else { 10 }).map_or(0, u64::from);
                let rows = last.unwrap_or(0).saturating_sub(first.unwrap_or(0));
                if rows.saturating_mul(columns) > MOST_AREA {
                    return Err(format!("it says that it spans {rows} rows by {columns} columns"));
                }
            }
            // Cells: formula, number, text, logical, packed number, text by number, formatted text; and a row of packed numbers.
            0x0006 | 0x0203 | 0x0204 | 0x0205 | 0x027e | 0x00fd | 0x00d6 | 0x00bd => {
                let (Some(row), Some(first)) = (two(content, 0), two(content, 2)) else { continue };
                let last = if number == 0x00bd { two(content, content.len().saturating_sub(2)).unwrap_or(first) } else { first };
                let columns = u64::from(last.saturating_sub(first)) + 1;
                span.take((row.into(), first.into()), (1, columns), 0)?;
            }
            _ => {}
        }
    }
    span.check()
}

/// The two kinds of workbook that hand out their cells one at a time have readers of their own, alike but for their types.
macro_rules! streamed {
    ($name:ident, $book:ty, $kind:literal) => {
        #[doc = concat!("The cells and formulas of a sheet of an ", $kind, " workbook.")]
        ///
        /// # Errors
        /// A sentence: those of the library, and a sheet that spans too much.
        pub(super) fn $name(book: &mut $book, name: &str) -> Outcome<(Range<Data>, Range<String>)> {
            let values = {
                let mut cells = book.worksheet_cells_reader(name).map_err(|e| e.to_string())?;
                gathered(|| cells.next_cell().map_err(|e| e.to_string()), value_of)?
            };
            // Formulas only tell what has no value; a sheet whose formulas cannot be read has its values.
            let Ok(mut cells) = book.worksheet_cells_reader(name) else { return Ok((values, Range::default())) };
            let text = |f: String| Some((f.len(), f)).filter(|(n, _)| *n > 0);
            let formulas = gathered(|| Ok(cells.next_formula().unwrap_or(None)), text)?;
            Ok((values, formulas))
        }
    };
}
streamed!(of_xlsx, Xlsx<Bytes>, "XLSX");
streamed!(of_xlsb, Xlsb<Bytes>, "XLSB");

/// A value with the length of its text; none of an empty cell.
fn value_of(value: DataRef<'_>) -> Option<(usize, Data)> {
    let text = match &value {
        DataRef::Empty => return None,
        DataRef::String(s) | DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => s.len(),
        DataRef::SharedString(s) => s.len(),
        _ => 0,
    };
    Some((text, value.into()))
}

/// The cells that are handed out one at a time, as a range, if it stays within bounds.
fn gathered<V: CellType + Clone, T: CellType>(
    mut next: impl FnMut() -> Outcome<Option<Cell<V>>>,
    keep: impl Fn(V) -> Option<(usize, T)>,
) -> Outcome<Range<T>> {
    let (mut span, mut cells) = (Span::default(), Vec::new());
    while let Some(cell) = next()? {
        let (row, column) = cell.get_position();
        let Some((text, value)) = keep(cell.get_value().clone()) else { continue };
        span.take((row.into(), column.into()), (1, 1), text as u64)?;
        cells.push(Cell::new((row, column), value));
    }
    span.check()?;
    Ok(Range::from_sparse(cells))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_may_span_what_it_holds_and_some_more() {
        let mut span = Span::default();
        assert!(span.check().is_ok()); // nothing
        span.take((0, 0), (1, 1), 3).unwrap();
        span.take((1999, 1999), (1, 1), 3).unwrap();
        assert!(span.check().is_ok()); // 2,000 × 2,000 are the 4,000,000 that are free
        span.take((2000, 0), (1, 1), 3).unwrap();
        assert!(span.check().unwrap_err().contains("4002000 cells, to row 2001")); // of 4,000,000 + 3 × 64
        // a full table of 2,001 × 2,000 is what it holds
        let mut full = Span::default();
        full.take((0, 0), (2001, 2000), 3).unwrap();
        assert!(full.check().is_ok());
    }

    #[test]
    fn repeats_of_an_ods_workbook_are_counted() {
        let sheet = |rows: &str| format!("<table:table table:name=\"a\">{rows}</table:table>");
        let cell =
            |n: u64, inside: &str| format!("<table:table-cell table:number-columns-repeated=\"{n}\">{inside}</table:table-cell>");
        let row = |n: u64, cells: &str| format!("<table:table-row table:number-rows-repeated=\"{n}\">{cells}</table:table-row>");
        let check = |text: String| check_ods(text.as_bytes());
        // The end of a sheet as LibreOffice writes it: a million empty rows of 16,384 empty columns hold nothing.
        let empty = "<table:table-cell table:number-columns-repeated=\"16384\"/>";
        assert_eq!(check(sheet(&(row(1, &cell(3, "<text:p>a</text:p>")) + &row(1_048_575, empty)))), Ok(()));
        // A value that is repeated: 16,384 × 4,000 = 65,536,000 cells.
        assert!(check(sheet(&row(4000, &cell(16_384, "<text:p>a</text:p>")))).unwrap_err().contains("48000000 cells"));
        // A row with a value that was drawn down to the end of the sheet.
        assert!(check(sheet(&row(1_048_573, &cell(1, "x")))).unwrap_err().contains("row 1 stands 1048573 times"));
        assert_eq!(check(sheet(&row(100_000, &cell(1, "x")))), Ok(()));
        // One far away: 1,000,001 rows of 16,385 columns.
        let far = row(1, &cell(1, "x")) + &row(1_000_000, empty) + &row(1, &(empty.to_owned() + &cell(1, "x")));
        assert!(check(sheet(&far)).unwrap_err().contains("delete what stands far from the table"));
        // Text that is repeated: 1 MiB × 600.
        assert!(check(sheet(&row(1, &cell(600, &"x".repeat(1 << 20))))).unwrap_err().contains("512 MiB"));
        assert_eq!(check("<table:table-row table:number-rows-repeated=\"".to_owned()), Ok(()));
    }

    #[test]
    fn records_of_an_old_workbook_are_counted() {
        let record =
            |number: u16, content: &[u8]| [&number.to_le_bytes()[..], &(content.len() as u16).to_le_bytes(), content].concat();
        let number = |row: u16, column: u16| record(0x0203, &[&row.to_le_bytes()[..], &column.to_le_bytes(), &[0; 10]].concat());
        assert_eq!(check_records(&[number(0, 0), number(9, 3)].concat()), Ok(()));
        // 65,536 rows of 256 columns are 16,777,216 cells for two.
        assert!(check_records(&[number(0, 0), number(u16::MAX, 255)].concat()).unwrap_err().contains("16777216 cells"));
        // two sheets are two spans
        assert_eq!(check_records(&[number(0, 0), record(0x0809, &[0; 16]), number(u16::MAX, 255)].concat()), Ok(()));
        let dimensions = [&0u32.to_le_bytes()[..], &u32::MAX.to_le_bytes(), &[0, 0, 255, 0, 0, 0]].concat();
        assert!(check_records(&record(0x0200, &dimensions)).unwrap_err().contains("rows by 255 columns"));
        assert_eq!(check_records(&[3, 2, 255, 255, 0]), Ok(())); // cut short
    }
}
