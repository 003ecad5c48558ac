//! Physical lines of a table beside its rows: one kind of line end, so that line numbers are right, and cells that swallowed lines.

use std::io::Read;

/// Text whose lines all end in a line feed, however they end in the file: so a line number is what an editor shows.
#[derive(Debug)]
pub struct PlainLines<R> {
    inner: R,
    after_return: bool,
}

impl<R> PlainLines<R> {
    /// Over a text in UTF-8.
    pub fn new(inner: R) -> Self {
        Self { inner, after_return: false }
    }
}

impl<R: Read> Read for PlainLines<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        loop {
            let n = self.inner.read(out)?;
            if n == 0 || !(self.after_return || out[..n].contains(&b'\r')) {
                return Ok(n); // most pieces have nothing to change
            }
            let mut kept = 0;
            for i in 0..n {
                let byte = out[i];
                let second = byte == b'\n' && self.after_return;
                self.after_return = byte == b'\r';
                if !second {
                    out[kept] = if byte == b'\r' { b'\n' } else { byte };
                    kept += 1;
                }
            }
            if kept > 0 {
                return Ok(kept);
            }
        }
    }
}

/// More lines than anybody writes into one cell.
const MOST_LINES: usize = 20;

/// Whether a row's quoted cell has swallowed whole lines: one of its lines has as many separators as a row, or there are too many.
pub fn swallowed<'a>(mut cells: impl Iterator<Item = &'a str>, columns: usize, delimiter: u8) -> bool {
    let like_a_row = |line: &str| columns > 1 && line.bytes().filter(|b| *b == delimiter).count() + 1 >= columns;
    cells.any(|cell| {
        let mut lines = cell.split('\n');
        lines.next();
        let (mut count, mut row) = (0, false);
        for line in lines {
            count += 1;
            row |= like_a_row(line);
        }
        row || count > MOST_LINES
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_end_is_one() {
        for step in 1..8 {
            let mut text = String::new();
            /// Gives a few bytes at a time.
            struct Few<'a>(&'a [u8], usize);
            impl Read for Few<'_> {
                fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
                    let n = self.1.min(self.0.len()).min(out.len());
                    out[..n].copy_from_slice(&self.0[..n]);
                    self.0 = &self.0[n..];
                    Ok(n)
                }
            }
            PlainLines::new(Few(b"a\r\nb\n\r\nc\rd\r\r\n", step)).read_to_string(&mut text).unwrap();
            assert_eq!(text, "a\nb\n\nc\nd\n\n", "{step}");
        }
    }

    #[test]
    fn an_address_of_two_lines_is_no_swallowed_row() {
        let row = |cells: &[&str]| swallowed(cells.iter().copied(), 4, b',');
        assert!(!row(&["1", "Hauptstr. 1,\n12345 Ort, DE", "10", "50"]));
        assert!(row(&["1", "Hauptstr. 1,10,50\n2,b,10,50\n3,c", "10", "50"]));
        assert!(row(&["1", &"x\n".repeat(30), "10", "50"]));
    }
}
