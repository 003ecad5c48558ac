//! Paper for a draft: headings, sentences, tables and pictures with real styles of Word, so that people go on writing in it. What stands on it is `parts`.

use crate::error::{Error, Result};
use docx_rs::{
    AlignmentType, BreakType, Docx, Footer, LineSpacing, LineSpacingType, PageNum, Paragraph, Pic, Run, RunFonts, Shading, Style,
    StyleType, Table, TableCell, TableRow, WidthType,
};
use std::io::Cursor;

/// Fonts that county offices have; Word and WPS take the Chinese one for Chinese characters.
const LATIN: &str = "Times New Roman";
const SONG: &str = "宋体";
const HEI: &str = "黑体";
/// Width of the text of an A4 page, twentieths of a point and EMU.
const WIDTH_TWIPS: usize = 9_000;
const WIDTH_EMU: u32 = 5_715_000;
/// Sizes in half points: the text, cells and captions, and headings from the title on.
const TEXT: usize = 24;
const SMALL: usize = 18;
const HEADS: [usize; 3] = [44, 32, 28];

/// A document that is being written.
pub(super) struct Paper(Docx);

impl Paper {
    /// An empty A4 page with the styles.
    pub(super) fn new() -> Self {
        let fonts = |cn: &str| RunFonts::new().ascii(LATIN).hi_ansi(LATIN).east_asia(cn);
        let style = |id: &str, name: &str| Style::new(id, StyleType::Paragraph).name(name).based_on("Normal").next("Normal");
        let heading = |n: usize| {
            style(&format!("Heading{n}"), &format!("heading {n}"))
                .size(HEADS[n])
                .bold()
                .fonts(fonts(HEI))
                .outline_lvl(n - 1)
                .q_format(true)
        };
        let docx = Docx::new()
            // the same bytes on any day
            .created_at("2000-01-01T00:00:00Z")
            .updated_at("2000-01-01T00:00:00Z")
            .page_size(11_906, 16_838)
            .default_fonts(fonts(SONG))
            .default_size(TEXT)
            .default_line_spacing(spaced(120, 320))
            .add_style(style("Title", "Title").size(HEADS[0]).bold().fonts(fonts(HEI)).align(AlignmentType::Center))
            .add_style(heading(1))
            .add_style(heading(2))
            .add_style(style("Caption", "caption").size(SMALL).bold().align(AlignmentType::Center))
            .add_style(style("Cell", "Table Text").size(SMALL).line_spacing(spaced(0, 240)))
            .add_style(style("Note", "Note").size(SMALL).color("5B6771"))
            .footer(Footer::new().add_paragraph(Paragraph::new().align(AlignmentType::Center).add_page_num(PageNum::new())));
        Self(docx)
    }

    fn styled(self, style: &str, text: &str) -> Self {
        Self(self.0.add_paragraph(Paragraph::new().style(style).add_run(run(text))))
    }

    /// The title.
    pub(super) fn title(self, text: &str) -> Self {
        self.styled("Title", text)
    }

    /// A chapter, which begins on the next page where it is not the first.
    pub(super) fn chapter(self, number: usize, text: &str) -> Self {
        let page = if number > 1 { Run::new().add_break(BreakType::Page) } else { Run::new() };
        let paragraph =
            Paragraph::new().style("Heading1").add_run(page).add_run(run(&format!("{number}　{text}"))).keep_next(true);
        Self(self.0.add_paragraph(paragraph))
    }

    /// A part of a chapter.
    pub(super) fn heading(self, text: &str) -> Self {
        Self(self.0.add_paragraph(Paragraph::new().style("Heading2").add_run(run(text)).keep_next(true)))
    }

    /// A paragraph.
    pub(super) fn text(self, text: &str) -> Self {
        Self(self.0.add_paragraph(Paragraph::new().add_run(run(text))))
    }

    /// A remark in small letters.
    pub(super) fn note(self, text: &str) -> Self {
        self.styled("Note", text)
    }

    /// A table below its caption; the first `left` columns are words, the others numbers.
    pub(super) fn table(self, caption: &str, heads: &[String], rows: &[Vec<String>], left: usize) -> Self {
        let width = WIDTH_TWIPS / heads.len().max(1);
        let cell = |i: usize, text: &str| {
            let align = if i < left { AlignmentType::Left } else { AlignmentType::Right };
            let paragraph = Paragraph::new().style("Cell").align(align).add_run(run(text));
            TableCell::new().width(width, WidthType::Dxa).add_paragraph(paragraph)
        };
        let head = heads.iter().enumerate().map(|(i, text)| cell(i, text).shading(Shading::new().fill("EFEBE2"))).collect();
        let row =
            |cells: &Vec<String>| TableRow::new(cells.iter().enumerate().map(|(i, text)| cell(i, text)).collect()).cant_split();
        let all = std::iter::once(TableRow::new(head).cant_split()).chain(rows.iter().map(row)).collect();
        let table = Table::new(all).width(WIDTH_TWIPS, WidthType::Dxa).set_grid(vec![width; heads.len()]);
        let named = Paragraph::new().style("Caption").add_run(run(caption)).keep_next(true);
        Self(self.0.add_paragraph(named).add_table(table).add_paragraph(Paragraph::new()))
    }

    /// A PNG as wide as the text, above its caption.
    #[cfg_attr(not(feature = "pictures"), allow(dead_code))]
    pub(super) fn picture(self, png: Vec<u8>, [width_px, height_px]: [u32; 2], caption: &str) -> Self {
        let height = (f64::from(WIDTH_EMU) * f64::from(height_px) / f64::from(width_px.max(1))) as u32;
        let pic = Pic::new_with_dimensions(png, width_px, height_px).id("rIdMap").size(WIDTH_EMU, height);
        let held = Paragraph::new().align(AlignmentType::Center).add_run(Run::new().add_image(pic)).keep_next(true);
        Self(self.0.add_paragraph(held)).styled("Caption", caption)
    }

    /// The document.
    ///
    /// # Errors
    /// Internal, when the library refuses.
    pub(super) fn bytes(self) -> Result<Vec<u8>> {
        let mut out = Cursor::new(Vec::new());
        self.0.build().pack(&mut out).map_err(|e| Error::internal(format!("the document cannot be written: {e}")))?;
        Ok(out.into_inner())
    }
}

/// Room after a paragraph, twentieths of a point, and from line to line, 240ths of the height of a letter.
fn spaced(after: u32, line: i32) -> LineSpacing {
    LineSpacing::new().after(after).line(line).line_rule(LineSpacingType::Auto)
}

/// Text without signs that XML does not have.
fn run(text: &str) -> Run {
    Run::new().add_text(text.chars().filter(|c| !c.is_control()).collect::<String>())
}
