//! The map of a folder as a picture of points, for programs that take no SVG: `map.svg` and nothing else, drawn with the fonts of this machine. Fonts
//! differ from machine to machine, so that it is no part of "the same bytes".

use crate::error::{Error, Location, Result, path_text};
use crate::finished::Finished;
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb::Database};

const MAP: &str = "map.svg";
/// Words in the names of font families that have Chinese characters.
const CHINESE: [&str; 14] = [
    "CJK",
    "Noto Sans SC",
    "Noto Serif SC",
    "Source Han",
    "PingFang",
    "YaHei",
    "SimSun",
    "SimHei",
    "DengXian",
    "KaiTi",
    "WenQuanYi",
    "Heiti",
    "Songti",
    "Hiragino Sans GB",
];

/// A map that was drawn.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// The PNG.
    pub bytes: Vec<u8>,
    /// Width and height, px.
    pub size_px: [u32; 2],
    /// The font family that Chinese names were drawn with, as far as its name tells; none where the machine has none, so that they are missing.
    pub chinese_font: Option<String>,
}

/// Draws the map of a folder so many px wide.
///
/// # Errors
/// Input, for a folder without a map; usage, for a picture that is too large.
pub fn picture(folder: &Finished, width_px: u32) -> Result<Drawn> {
    let svg = folder.file(MAP)?;
    let mut options = Options::default();
    options.fontdb_mut().load_system_fonts();
    let chinese_font = family_of(&options.fontdb);
    let broken = |e: &dyn std::fmt::Display| {
        Error::internal(format!("the map cannot be drawn: {e}")).at(Location::file(path_text(&folder.path.join(MAP))))
    };
    let tree = Tree::from_data(&svg, &options).map_err(|e| broken(&e))?;
    let scale = width_px as f32 / tree.size().width();
    let height_px = (tree.size().height() * scale).ceil().max(1.0) as u32;
    let Some(mut pixels) = Pixmap::new(width_px, height_px) else {
        return Err(Error::usage(format!("a picture of {width_px} × {height_px} px is too large"), "give a smaller --width"));
    };
    pixels.fill(Color::WHITE);
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    let bytes = pixels.encode_png().map_err(|e| broken(&e))?;
    Ok(Drawn { bytes, size_px: [width_px, height_px], chinese_font })
}

/// The first family, by name, that has Chinese characters.
fn family_of(fonts: &Database) -> Option<String> {
    let names = fonts.faces().flat_map(|face| face.families.iter().map(|(name, _)| name.as_str()));
    names.filter(|name| CHINESE.iter().any(|word| name.contains(word))).min().map(str::to_owned)
}
