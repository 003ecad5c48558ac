//! `chargegap report OUT`: what offices work on, made from a finished folder.

use super::common::{CommonFlags, Session};
use crate::error::{Error, Result, path_text, printable};
use crate::files::lang::Lang;
use crate::files::whole_file::{refuse_existing, write_output};
use crate::finished::Finished;
use crate::office;
use clap::Args;
use serde_json::{Map, Value};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Arguments of `report`.
#[derive(Debug, Args)]
#[command(
    after_help = "The folder is checked against its manifest first, and is not changed. --lang chooses the language of heads, notes and pages.\n\n--pdf needs Chromium, Chrome or Edge (--chromium, or in PATH), which gets one file and no network. What it prints and what --png draws\ndepends on that program and on the fonts of the machine; all else is the same bytes anywhere.\n\nExamples:\n  chargegap report out/isle-of-man --xlsx isle-of-man.xlsx\n  chargegap report out/2026-1 --xlsx 2026-1.xlsx --pdf 2026-1.pdf --lang zh"
)]
pub struct ReportArgs {
    /// A finished run, round, ranking or difference folder.
    folder: PathBuf,
    /// Workbook to write: every table a sheet, codes as text, numbers as numbers, and what each column means.
    #[cfg(feature = "xlsx")]
    #[arg(long, value_name = "FILE.xlsx")]
    xlsx: Option<PathBuf>,
    /// Draft of a county plan for Word or WPS, with headings, tables and captions to go on writing in.
    #[cfg(feature = "docx")]
    #[arg(long, value_name = "FILE.docx")]
    docx: Option<PathBuf>,
    /// The first page on paper (A4, with page numbers), printed by an installed Chromium.
    #[arg(long, value_name = "FILE.pdf")]
    pdf: Option<PathBuf>,
    /// The Chromium that prints; else the first of that name in PATH.
    #[arg(long, value_name = "PROGRAM", requires = "pdf")]
    chromium: Option<PathBuf>,
    /// The map as a picture.
    #[cfg(feature = "pictures")]
    #[arg(long, value_name = "FILE.png")]
    png: Option<PathBuf>,
    /// Width of the picture, px.
    #[cfg(feature = "pictures")]
    #[arg(long, value_name = "PX", default_value_t = 2400, requires = "png", value_parser = clap::value_parser!(u32).range(200..=20_000))]
    width: u32,
    /// Replace files.
    #[arg(long)]
    overwrite: bool,
    #[command(flatten)]
    common: CommonFlags,
}

/// What is said of what was written, on the terminal and for programs.
#[derive(Default)]
struct Said {
    text: String,
    json: Map<String, Value>,
}

impl ReportArgs {
    /// The files that are asked for.
    fn files(&self) -> Vec<&Path> {
        let files = [
            #[cfg(feature = "xlsx")]
            &self.xlsx,
            #[cfg(feature = "docx")]
            &self.docx,
            &self.pdf,
            #[cfg(feature = "pictures")]
            &self.png,
        ];
        files.into_iter().flatten().map(PathBuf::as_path).collect()
    }
}

/// Runs it.
///
/// # Errors
/// Nothing asked for, a folder that was changed, a disk in the way.
pub fn report(args: &ReportArgs) -> Result<u8> {
    let session = Session::start(&args.common)?;
    session.progress.stage("write");
    if args.files().is_empty() {
        let help = "say what to write: --pdf FILE, say; --help lists all kinds";
        return Err(Error::usage("nothing is asked for", help));
    }
    let folder = Finished::open(&args.folder)?;
    folder.unchanged()?;
    args.files().into_iter().try_for_each(|file| refuse_existing(file, args.overwrite))?;
    let lang = args.common.lang.or(folder.lang()).unwrap_or(session.lang());
    let zh = session.lang() == Lang::Zh;
    let mut said = Said::default();
    #[cfg(feature = "xlsx")]
    if let Some(file) = &args.xlsx {
        workbook(&folder, (file, lang), args.overwrite, (zh, &mut said))?;
    }
    #[cfg(feature = "docx")]
    if let Some(file) = &args.docx {
        let bytes = office::draft(&folder, lang)?;
        write_output(file, "document", args.overwrite, |w| w.write_all(&bytes))?;
        said.written("docx", file, zh, "");
    }
    if let Some(file) = &args.pdf {
        let bytes = office::pdf(&folder, lang, args.chromium.as_deref())?;
        write_output(file, "document", args.overwrite, |w| w.write_all(&bytes))?;
        said.written("pdf", file, zh, "");
    }
    #[cfg(feature = "pictures")]
    if let Some(file) = &args.png {
        picture(&folder, (file, args.width), args.overwrite, (zh, &mut said))?;
    }
    session.answer(|| Value::Object(said.json.clone()), || said.text.clone())?;
    Ok(0)
}

impl Said {
    /// A file that was written, with what is to be said of it.
    fn written(&mut self, key: &str, file: &Path, zh: bool, more: &str) {
        let place = path_text(file);
        let shown = printable(&place);
        self.text += &if zh { format!("已写入：{shown}{more}\n") } else { format!("written: {shown}{more}\n") };
        self.json.insert(key.to_owned(), place.into());
    }
}

#[cfg(feature = "xlsx")]
fn workbook(folder: &Finished, (file, lang): (&Path, Lang), overwrite: bool, (zh, said): (bool, &mut Said)) -> Result<()> {
    let filled = office::workbook(folder, lang)?;
    write_output(file, "workbook", overwrite, |w| w.write_all(&filled.bytes))?;
    let (sheets, left) = (filled.sheets, printable(&filled.too_long.join(", ")));
    let more = match (zh, left.is_empty()) {
        (false, true) => format!(" ({sheets} tables)"),
        (false, false) => format!(" ({sheets} tables; too long for a sheet, and not in it: {left})"),
        (true, true) => format!("（{sheets} 个表）"),
        (true, false) => format!("（{sheets} 个表；行数超出上限而未写入：{left}）"),
    };
    said.written("xlsx", file, zh, &more);
    said.json.insert("sheets".to_owned(), sheets.into());
    said.json.insert("too_long".to_owned(), serde_json::json!(filled.too_long));
    Ok(())
}

#[cfg(feature = "pictures")]
fn picture(folder: &Finished, (file, width): (&Path, u32), overwrite: bool, (zh, said): (bool, &mut Said)) -> Result<()> {
    let drawn = office::picture(folder, width)?;
    write_output(file, "picture", overwrite, |w| w.write_all(&drawn.bytes))?;
    let [w, h] = drawn.size_px;
    let more = match (zh, &drawn.chinese_font) {
        (false, Some(font)) => format!(" ({w} × {h} px; Chinese names in {font})"),
        (true, Some(font)) => format!("（{w} × {h} 像素；中文字体 {font}）"),
        (false, None) => format!(
            " ({w} × {h} px; this machine has no font with Chinese characters, and Chinese names are missing: install one, as fonts-noto-cjk of Debian)"
        ),
        (true, None) => format!("（{w} × {h} 像素；本机没有中文字体，图中缺少中文名称：请安装，例如 Debian 的 fonts-noto-cjk）"),
    };
    said.written("png", file, zh, &more);
    said.json.insert("size_px".to_owned(), serde_json::json!(drawn.size_px));
    said.json.insert("chinese_font".to_owned(), serde_json::json!(drawn.chinese_font));
    Ok(())
}
