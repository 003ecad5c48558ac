//! One workbook of all tables of a folder: a sheet each, codes as text, numbers as numbers, heads that stay, what every column means, and
//! where it all comes from. The same folder gives the same bytes.

use crate::error::{Error, Result};
use crate::files::csv_table::{CsvRow, CsvTable};
use crate::files::lang::Lang;
use crate::files::schema::{ColumnType, unguard};
use crate::finished::Finished;
use crate::tables::dictionary::{self, Described};
use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use std::collections::BTreeMap;

/// Rows that a sheet can hold, with its head.
const MOST_ROWS: usize = 1_048_576;
/// Characters that a cell can hold.
const MOST_CHARS: usize = 32_767;
/// Characters of the name of a sheet.
const MOST_NAME: usize = 31;

/// A workbook, and what did not fit.
#[derive(Clone, Debug)]
pub struct Filled {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Tables in it.
    pub sheets: usize,
    /// Tables with more rows than a sheet can hold; they stand in the folder only.
    pub too_long: Vec<String>,
}

/// The workbook of a folder's tables, heads and notes in a language.
///
/// # Errors
/// Input, when a table was changed, or the folder has no dictionary; internal, when the library refuses.
pub fn workbook(folder: &Finished, lang: Lang) -> Result<Filled> {
    let words = folder.table(dictionary::FILE)?;
    let described = dictionary::read(&words)?;
    let outputs = folder.manifest["outputs"].as_array().map(Vec::as_slice).unwrap_or_default();
    let names = outputs.iter().filter_map(|f| f["name"].as_str()).filter(|n| n.ends_with(".csv") && *n != dictionary::FILE);
    let mut book = Workbook::new();
    let born = ExcelDateTime::from_ymd(2000, 1, 1).map_err(refused)?; // no clock is read
    book.set_properties(&DocProperties::new().set_creation_datetime(&born));
    let mut filled = Filled { bytes: Vec::new(), sheets: 0, too_long: Vec::new() };
    let mut tables = Vec::new();
    for name in names {
        let table = folder.table(name)?;
        if table.rows().count() >= MOST_ROWS { filled.too_long.push(name.to_owned()) } else { tables.push((name, table)) }
    }
    about(book.add_worksheet(), folder, (&tables, &filled.too_long), lang).map_err(refused)?;
    for (name, table) in &tables {
        sheet(book.add_worksheet(), (name, table), &described, lang)?;
        filled.sheets += 1;
    }
    sheet(book.add_worksheet(), (dictionary::FILE, &words), &described, lang)?;
    filled.bytes = book.save_to_buffer().map_err(refused)?;
    Ok(filled)
}

fn refused(e: XlsxError) -> Error {
    Error::internal(format!("the workbook cannot be written: {e}"))
}

/// The first sheet: what this is, where it comes from, and what each sheet holds.
fn about(
    sheet: &mut Worksheet,
    folder: &Finished,
    (tables, too_long): (&[(&str, CsvTable)], &[String]),
    lang: Lang,
) -> std::result::Result<(), XlsxError> {
    let zh = lang == Lang::Zh;
    let pick = |en: &'static str, cn: &'static str| if zh { cn } else { en };
    let (m, bold) = (&folder.manifest, Format::new().set_bold());
    let region = &m["region"];
    let title = region["name_zh"].as_str().filter(|_| zh).or(region["name"].as_str()).unwrap_or_default();
    sheet.set_name(pick("about", "说明"))?.set_column_width(0, 34)?.set_column_width(1, 90)?;
    sheet.write_string_with_format(0, 0, title, &bold.clone().set_font_size(14))?;
    let mut lines: Vec<(&str, String)> = vec![
        (pick("Made by", "生成软件"), format!("chargegap {}", m["chargegap_version"].as_str().unwrap_or_default())),
        (pick("Folder", "结果文件夹"), folder.name()),
        (pick("Fingerprint of the folder", "清单指纹"), m["manifest_sha256"].as_str().unwrap_or_default().to_owned()),
    ];
    if region["synthetic"] == true {
        lines.push((
            pick("Data", "数据"),
            pick("SYNTHETIC: made up, describes no real place", "合成数据，不代表任何真实地区").to_owned(),
        ));
    }
    let sources = region["attribution"].as_array().map(Vec::as_slice).unwrap_or_default();
    lines.extend(sources.iter().filter_map(|s| Some((pick("Source", "数据来源"), s.as_str()?.to_owned()))));
    lines.push((
        pick("Note", "提示"),
        pick("codes are text; the last sheet says what every column means", "代码为文本；各字段含义见最后一个工作表").to_owned(),
    ));
    for name in too_long {
        lines.push((pick("Too long for a sheet", "行数超出工作表上限"), name.clone()));
    }
    let mut at = 2;
    for (head, text) in &lines {
        sheet.write_string_with_format(at, 0, *head, &bold)?.write_string(at, 1, cut(text))?;
        at += 1;
    }
    at += 1;
    sheet.write_string_with_format(at, 0, pick("Sheet", "工作表"), &bold)?;
    sheet.write_string_with_format(at, 1, pick("Rows", "行数"), &bold)?;
    for (name, table) in tables {
        at += 1;
        sheet.write_string(at, 0, sheet_name(name))?.write_number(at, 1, table.rows().count() as f64)?;
    }
    Ok(())
}

/// A table: its names in the first row, what they mean in the second, both of which stay when one scrolls; then its rows.
fn sheet(
    sheet: &mut Worksheet,
    (name, table): (&str, &CsvTable),
    described: &BTreeMap<String, Vec<Described>>,
    lang: Lang,
) -> Result<()> {
    let own = described.get(name).map_or(&[][..], Vec::as_slice);
    let of = |column: &String| own.iter().find(|d| d.name == *column);
    let columns: Vec<Option<&Described>> = table.columns().iter().map(of).collect();
    heads(sheet, (name, table), &columns, lang).map_err(refused)?;
    for (r, row) in table.rows().enumerate() {
        cells(sheet, r as u32 + 2, row, &columns).map_err(refused)?;
    }
    Ok(())
}

fn heads(
    sheet: &mut Worksheet,
    (name, table): (&str, &CsvTable),
    columns: &[Option<&Described>],
    lang: Lang,
) -> std::result::Result<(), XlsxError> {
    let bold = Format::new().set_bold().set_background_color(Color::RGB(0x00EF_EBE2));
    let soft = Format::new().set_font_color(Color::RGB(0x005B_6771)).set_text_wrap().set_font_size(9);
    let (text, last) = (Format::new().set_num_format("@"), (table.columns().len().max(1) - 1) as u16);
    sheet.set_name(sheet_name(name))?;
    for (c, (column, about)) in table.columns().iter().zip(columns).enumerate() {
        let c = c as u16;
        let (unit, meaning) = about.map_or(("", ""), |a| (a.unit.as_str(), a.meaning[usize::from(lang == Lang::Zh)].as_str()));
        let open = if lang == Lang::Zh { ["（", "）"] } else { [" (", ")"] };
        let says = if unit.is_empty() { meaning.to_owned() } else { format!("{meaning}{}{unit}{}", open[0], open[1]) };
        if about.is_none_or(|a| a.kind == ColumnType::Text) {
            sheet.set_column_format(c, &text)?; // what is typed there later stays text too
        }
        sheet.set_column_width(c, column.chars().count().clamp(9, 30) as f64 + 2.0)?;
        sheet.write_string_with_format(0, c, column, &bold)?.write_string_with_format(1, c, cut(&says), &soft)?;
    }
    sheet.set_freeze_panes(2, 0)?.set_row_height(1, 36)?;
    let rows = table.rows().count() as u32;
    if rows > 0 {
        sheet.autofilter(1, 0, rows + 1, last)?;
    }
    Ok(())
}

fn cells(sheet: &mut Worksheet, r: u32, row: CsvRow<'_>, columns: &[Option<&Described>]) -> std::result::Result<(), XlsxError> {
    for (c, (cell, about)) in row.cells().zip(columns).enumerate().filter(|(_, (cell, _))| !cell.is_empty()) {
        let c = c as u16;
        let number = cell.parse::<f64>().ok().filter(|v| v.is_finite());
        match (about.map(|a| a.kind), number) {
            // a whole number of more than 15 digits would be rounded
            (Some(ColumnType::Integer), Some(v)) if v.abs() < 1e15 => sheet.write_number(r, c, v)?,
            (Some(ColumnType::Real), Some(v)) => sheet.write_number(r, c, v)?,
            (Some(ColumnType::Boolean), _) if matches!(cell, "true" | "false") => sheet.write_boolean(r, c, cell == "true")?,
            // a string is never run as a formula, so it needs no apostrophe
            _ => sheet.write_string(r, c, cut(unguard(cell)))?,
        };
    }
    Ok(())
}

/// What a sheet is called: its file without the end, as far as there is room.
fn sheet_name(file: &str) -> String {
    file.trim_end_matches(".csv").chars().take(MOST_NAME).collect()
}

/// Text as far as a cell can hold it.
fn cut(text: &str) -> String {
    if text.chars().count() <= MOST_CHARS {
        return text.to_owned();
    }
    text.chars().take(MOST_CHARS - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_at_what_a_cell_holds_and_names_at_what_a_tab_holds() {
        let long = "桩".repeat(MOST_CHARS);
        assert_eq!(cut(&long), long);
        assert_eq!(cut(&(long + "x")).chars().count(), MOST_CHARS);
        assert_eq!(sheet_name("plan_corridor_places_of_every_road.csv").len(), MOST_NAME);
        assert_eq!(sheet_name("ranking.csv"), "ranking");
    }
}
