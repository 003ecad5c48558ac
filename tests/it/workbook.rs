//! Workbooks made in memory, as small as a reader takes them.
//!
//! A cell is text, unless it begins with `#` (a number), `=` (a formula without a value), `@` (a day, as its serial number) `%` (a
//! number shown in percent) or, in ODS, `^` (text of a cell merged with the one below).

use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Sheets by name; rows of cells.
pub type Sheets<'a> = &'a [(&'a str, &'a [&'a [&'a str]])];

fn zipped(parts: &[(&str, String)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        zip.start_file(*name, stored).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// An XLSX workbook; `merged` are ranges of its first sheet, such as `C1:D1`.
pub fn xlsx(sheets: Sheets<'_>, merged: &[&str]) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let (mut list, mut relations, mut parts) = (String::new(), String::new(), Vec::new());
    for (i, (name, rows)) in (1..).zip(sheets) {
        list += &format!("<sheet name=\"{}\" sheetId=\"{i}\" r:id=\"rId{i}\"/>", escaped(name));
        relations += &format!("<Relationship Id=\"rId{i}\" Type=\"{RELATION}/worksheet\" Target=\"worksheets/sheet{i}.xml\"/>");
        let mut data = String::new();
        for (r, row) in (1..).zip(*rows) {
            let cells = row.iter().zip(b'A'..).map(|(text, letter)| cell(text, &format!("{}{r}", char::from(letter))));
            data += &format!("<row r=\"{r}\">{}</row>", cells.collect::<String>());
        }
        let merges: String = merged.iter().filter(|_| i == 1).map(|m| format!("<mergeCell ref=\"{m}\"/>")).collect();
        let merges = if merges.is_empty() { merges } else { format!("<mergeCells>{merges}</mergeCells>") };
        let text = format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{data}</sheetData>{merges}</worksheet>");
        parts.push((format!("xl/worksheets/sheet{i}.xml"), text));
    }
    let styles = "xl/styles.xml";
    relations += &format!("<Relationship Id=\"rIdS\" Type=\"{RELATION}/styles\" Target=\"styles.xml\"/>");
    // Formats of cells by number: general, 14 a day, 9 percent.
    let formats = "<cellXfs count=\"3\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\" applyNumberFormat=\"1\"/><xf numFmtId=\"9\" applyNumberFormat=\"1\"/></cellXfs>";
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>";
    let mut all = vec![
        ("[Content_Types].xml", types.to_owned()),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"r\" Type=\"{RELATION}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        ("xl/workbook.xml", format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATION}\"><sheets>{list}</sheets></workbook>")),
        ("xl/_rels/workbook.xml.rels", format!("<Relationships xmlns=\"{PACKAGE}\">{relations}</Relationships>")),
        (styles, format!("<styleSheet xmlns=\"{MAIN}\">{formats}</styleSheet>")),
    ];
    all.extend(parts.iter().map(|(name, text)| (name.as_str(), text.clone())));
    zipped(&all)
}

fn cell(text: &str, at: &str) -> String {
    match text.as_bytes().first() {
        None => String::new(),
        Some(b'!') => format!("<c r=\"{at}\" t=\"e\"><v>{}</v></c>", &text[1..]), // a formula that failed
        Some(b'#') => format!("<c r=\"{at}\"><v>{}</v></c>", &text[1..]),
        Some(b'=') => format!("<c r=\"{at}\"><f>{}</f></c>", escaped(&text[1..])),
        Some(b'@') => format!("<c r=\"{at}\" s=\"1\"><v>{}</v></c>", &text[1..]),
        Some(b'%') => format!("<c r=\"{at}\" s=\"2\"><v>{}</v></c>", &text[1..]),
        _ => format!("<c r=\"{at}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>", escaped(text)),
    }
}

/// An ODS workbook as GDAL lays it out: a line a tag.
pub fn ods(sheets: Sheets<'_>) -> Vec<u8> {
    let mut tables = String::new();
    for (name, rows) in sheets {
        tables += &format!("<table:table table:name=\"{}\">\n", escaped(name));
        for row in *rows {
            tables += "<table:table-row>\n";
            for text in *row {
                tables += &match text.as_bytes().first() {
                    None => "<table:table-cell/>\n".to_owned(),
                    Some(b'#') => {
                        let n = &text[1..];
                        format!(
                            "<table:table-cell office:value-type=\"float\" office:value=\"{n}\">\n<text:p>{n}</text:p>\n</table:table-cell>\n"
                        )
                    }
                    Some(b'%') => {
                        let n = &text[1..];
                        format!(
                            "<table:table-cell office:value-type=\"percentage\" office:value=\"{n}\">\n<text:p>{n}</text:p>\n</table:table-cell>\n"
                        )
                    }
                    Some(b'=') => format!("<table:table-cell table:formula=\"of:{}\"/>\n", escaped(text)),
                    Some(b'^') => format!(
                        "<table:table-cell table:number-rows-spanned=\"2\" table:number-columns-spanned=\"1\" office:value-type=\"string\">\n<text:p>{}</text:p>\n</table:table-cell>\n",
                        escaped(&text[1..])
                    ),
                    _ => format!(
                        "<table:table-cell office:value-type=\"string\">\n<text:p>{}</text:p>\n</table:table-cell>\n",
                        escaped(text)
                    ),
                };
            }
            tables += "</table:table-row>\n";
        }
        tables += "</table:table>\n";
    }
    let names =
        ["office", "table", "text"].map(|n| format!("xmlns:{n}=\"urn:oasis:names:tc:opendocument:xmlns:{n}:1.0\"")).join(" ");
    zipped(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet".to_owned()),
        (
            "META-INF/manifest.xml",
            "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>".to_owned(),
        ),
        (
            "content.xml",
            format!(
                "<?xml version=\"1.0\"?>\n<office:document-content {names}>\n<office:body>\n<office:spreadsheet>\n{tables}</office:spreadsheet>\n</office:body>\n</office:document-content>"
            ),
        ),
    ])
}
