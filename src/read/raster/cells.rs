//! The cells of a GeoTIFF with people in them, decoded one strip or tile at a time by the crate `tiff`.
//!
//! A header may say what it likes: what is reserved for a strip or tile is bounded by [`LARGEST_CHUNK`] and by what the file
//! could possibly unpack to.

use super::georef::{GeoTags, Grid, epsg};
use super::lzw::{self, Samples};
use super::{Batches, MILLI, RasterCell, Tally};
use crate::error::{Error, Location, Result};
use crate::input;
use crate::read::beside;
use crate::read::crs::System;
use crate::read::formats::{Origin, SourceFile};
use crate::read::guard::guarded;
use crate::space::LonLat;
use rayon::prelude::*;
use std::fs::File;
use std::io::{BufReader, Read};
use tiff::decoder::{ChunkType, Decoder, DecodingResult, ifd};
use tiff::tags::Tag;
use tiff::{ColorType, TiffError, TiffFormatError, TiffResult};

/// The largest strip or tile that is unpacked, bytes.
const LARGEST_CHUNK: u64 = 256 << 20;
/// No byte of LZW or deflate unpacks to more than this many.
const LARGEST_RATIO: u64 = 4096;
/// A cell with more people than this is a nodata value that the file does not declare.
const MOST_PEOPLE: f64 = 1e8;
/// The longest text of a tag that is read, bytes.
const LONGEST_TEXT: u64 = 1 << 16;
/// The tag in which GDAL keeps what TIFF has no tag for.
const GDAL_METADATA: u16 = 42112;
/// Cells handed on at once.
const BATCH: usize = 1 << 16;
/// ESRI:54009.
const MOLLWEIDE: &str = "+proj=moll +lon_0=0 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs";
/// What mends most files that are not read.
const REWRITE: &str = "write it again: gdal_translate -b 1 -co TILED=YES -co COMPRESS=DEFLATE in.tif out.tif";

/// A GeoTIFF whose header was read and checked.
pub struct Raster {
    decoder: Decoder<BufReader<File>>,
    shown: String,
    grid: Grid,
    system: System,
    declared: bool,
    nodata: Option<f64>,
    scaling: Scaling,
    layout: Layout,
}

/// What makes people of stored values: `value * scale + offset`.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Scaling {
    scale: f64,
    offset: f64,
}

/// How the image is cut into strips or tiles.
struct Layout {
    width: u32,
    height: u32,
    /// Columns and rows of a strip or tile.
    chunk: (u32, u32),
    /// Bytes in the file of each; 0 where a sparse file left one out.
    stored: Vec<u64>,
    /// Where each begins in the file.
    offsets: Vec<u64>,
    /// How values are stored, where they are packed by LZW.
    lzw: Option<Samples>,
}

impl Layout {
    fn across(&self) -> u32 {
        self.width.div_ceil(self.chunk.0)
    }

    /// First column, first row, columns and rows of a strip or tile, padding left out.
    fn part(&self, chunk: u32) -> (u32, u32, u32, u32) {
        // Both products stay inside the image, because the number of strips or tiles was checked.
        let (c, r) = (chunk % self.across() * self.chunk.0, chunk / self.across() * self.chunk.1);
        (c, r, self.chunk.0.min(self.width - c), self.chunk.1.min(self.height - r))
    }
}

impl Raster {
    /// Opens a file and reads its header. `crs` is the coordinate system by the region file's word.
    ///
    /// # Errors
    /// Input, when it is no GeoTIFF of one band of numbers, or does not say where it lies; usage, when `crs` means nothing.
    pub fn open(file: &SourceFile, crs: Option<&str>) -> Result<Self> {
        beside::refuse_raster_sidecars(file)?;
        let source = input::open(&file.path, "open the file")?;
        let meta = source.metadata().map_err(|e| Error::io("open the file", &file.path, &e))?;
        let here = || Location::file(file.shown.as_str());
        let mut decoder = decode(&file.shown, || Decoder::new(BufReader::new(source)))?;
        let (layout, nodata, scaling, tags) = decode(&file.shown, || {
            let layout = layout(&mut decoder)?;
            let metadata = text(&mut decoder, Tag::Unknown(GDAL_METADATA))?;
            Ok((layout, nodata(&mut decoder)?, scaling(&metadata), geo_tags(&mut decoder)?))
        })?;
        let bits = sample_bits(&mut decoder, &file.shown)?;
        check_layout(&layout, bits, meta.len()).map_err(|what| Error::input(what, REWRITE).at(here()))?;
        let next = "set it with GDAL, for example gdal_edit.py -a_ullr WEST NORTH EAST SOUTH";
        let grid = Grid::from_tags(&tags).map_err(|what| match beside::world_file(file) {
            None => Error::input(what, next).at(here()),
            Some(world) => {
                let next = format!("make one file of them: `gdal_translate -a_srs EPSG:n {} one.tif`", file.shown);
                Error::input(format!("{what}; {} says so, and it is not read", world.shown), next).at(here())
            }
        })?;
        let system = system(crs, &tags, &file.shown)?;
        Ok(Self { decoder, shown: file.shown.clone(), grid, system, declared: crs.is_some(), nodata, scaling, layout })
    }

    /// Format, size and coordinate system, for the manifest.
    pub fn origin(&self) -> Origin {
        let by = if self.declared { "declared" } else { "by the file" };
        let Scaling { scale, offset } = self.scaling;
        let scaled = if (scale, offset) == (1.0, 0.0) { String::new() } else { format!(", values × {scale} + {offset}") };
        let format = format!("GeoTIFF, {} x {} cells{scaled}", self.layout.width, self.layout.height);
        Origin { format, crs: format!("{} ({by})", self.system.label) }
    }

    /// Reads every cell and hands those with people on, in batches.
    ///
    /// # Errors
    /// Input, when a strip or tile cannot be unpacked, a value is no number of people, or a cell has no position; and those of
    /// `each`.
    pub fn read(mut self, each: &mut Batches<'_>) -> Result<Tally> {
        let mut tally = Tally::default();
        let mut batch: Vec<(u32, u32, u64)> = Vec::with_capacity(BATCH);
        for chunk in 0..self.layout.stored.len() as u32 {
            let (column, row, columns, rows) = self.layout.part(chunk);
            tally.cells += u64::from(columns) * u64::from(rows);
            if self.layout.stored[chunk as usize] == 0 {
                continue; // GDAL leaves out what is all nodata
            }
            let (values, stride) = self.values(chunk, columns, rows)?;
            for k in 0..columns as usize * rows as usize {
                let (i, j) = (k as u32 % columns, k as u32 / columns);
                let (c, r) = (column + i, row + j);
                let found = value(&values, j as usize * stride + i as usize);
                let Some(milli) = self.people(found, c, r)? else { continue };
                tally.with_people += 1;
                tally.milli = tally.milli.checked_add(milli).ok_or_else(|| self.fault("the raster has too many people", ""))?;
                batch.push((c, r, milli));
                if batch.len() == BATCH {
                    self.hand_on(&mut batch, each)?;
                }
            }
        }
        self.hand_on(&mut batch, each)?;
        Ok(tally)
    }

    /// The values of a strip or tile, and how many stand in a row of them.
    fn values(&mut self, chunk: u32, columns: u32, rows: u32) -> Result<(DecodingResult, usize)> {
        let (width, shown) = (self.layout.chunk.0, self.shown.as_str());
        let Some(samples) = self.layout.lzw else {
            return Ok((decode(shown, || self.decoder.read_chunk(chunk))?, columns as usize));
        };
        let bytes = width as usize * rows as usize * usize::from(samples.bits / 8);
        let (from, stored) = (self.layout.offsets[chunk as usize], self.layout.stored[chunk as usize]);
        let values = decode(shown, || {
            self.decoder.goto_offset_u64(from)?;
            let mut packed = Vec::new();
            self.decoder.inner().take(stored.min(2 * LARGEST_CHUNK)).read_to_end(&mut packed)?;
            let short = || TiffFormatError::CompressedDataCorrupt("LZW data end too early".to_owned());
            let plain = lzw::unpack(&packed, bytes).ok_or_else(short)?;
            lzw::values(&plain, width, rows, samples)
        })?;
        Ok((values, width as usize))
    }

    /// Thousandths of people in a value; none where it is nodata, NaN, not above zero, or under half a thousandth.
    fn people(&self, value: f64, column: u32, row: u32) -> Result<Option<u64>> {
        if value.is_nan() || self.nodata == Some(value) {
            return Ok(None);
        }
        let value = value * self.scaling.scale + self.scaling.offset;
        if value.is_nan() || value <= 0.0 {
            return Ok(None);
        }
        if value > MOST_PEOPLE {
            let what = format!("the cell in column {column}, row {row} has {value} people");
            return Err(self.fault(what, "if that stands for no data, declare it: gdal_edit.py -a_nodata VALUE pop.tif"));
        }
        let milli = (value * MILLI as f64).round() as u64;
        Ok((milli > 0).then_some(milli))
    }

    fn hand_on(&self, batch: &mut Vec<(u32, u32, u64)>, each: &mut Batches<'_>) -> Result<()> {
        let cells = batch
            .par_iter()
            .map(|&(c, r, milli)| self.locate(c, r).map(|at| RasterCell { at, milli }))
            .collect::<Result<Vec<RasterCell>>>()?;
        batch.clear();
        each(&cells)
    }

    /// The centre of a cell in degrees. Rasters that run from 0° to 360° are turned back to ±180°.
    fn locate(&self, column: u32, row: u32) -> Result<LonLat> {
        let (x, y) = self.grid.centre(column, row);
        let place = self.system.to_degrees(x, y).and_then(|(lon, lat)| {
            let lon = if lon > 180.0 && lon <= 360.0 { lon - 360.0 } else { lon };
            LonLat::new(lon, lat).map_err(|e| e.to_string())
        });
        place.map_err(|why| {
            let what = format!("the cell in column {column}, row {row} has people and no position: {why}");
            self.fault(what, "check the coordinate system of the raster, or give [population] crs")
        })
    }

    fn fault(&self, what: impl Into<String>, next: &str) -> Error {
        let next = if next.is_empty() { "check that its cells hold people" } else { next };
        Error::input(what, next).at(Location::file(self.shown.as_str()))
    }
}

/// Runs the decoder, which may fail or, on a broken file, panic.
fn decode<T>(shown: &str, work: impl FnOnce() -> TiffResult<T>) -> Result<T> {
    let (what, next) = match guarded(work) {
        Some(Ok(done)) => return Ok(done),
        Some(Err(TiffError::LimitsExceeded)) => {
            ("the raster is larger than it can be in memory, or its header lies".into(), REWRITE)
        }
        Some(Err(TiffError::UnsupportedError(e))) => (format!("the raster is of a kind that is not read: {e}"), REWRITE),
        Some(Err(e)) => {
            (format!("the file is no TIFF that can be read: {e}"), "fetch it again, or open it with GDAL to see what is wrong")
        }
        None => ("the file is damaged: its parts contradict each other".to_owned(), "fetch it again"),
    };
    Err(Error::input(what, next).at(Location::file(shown)))
}

fn layout(decoder: &mut Decoder<BufReader<File>>) -> TiffResult<Layout> {
    let (width, height) = decoder.dimensions()?;
    let (columns, rows) = decoder.chunk_dimensions();
    let (tag, from, chunk) = match decoder.get_chunk_type() {
        ChunkType::Strip => (Tag::StripByteCounts, Tag::StripOffsets, (width, rows.min(height))),
        ChunkType::Tile => (Tag::TileByteCounts, Tag::TileOffsets, (columns, rows)),
    };
    let stored = decoder.find_tag_unsigned_vec(tag)?.unwrap_or_default();
    let offsets = decoder.find_tag_unsigned_vec(from)?.unwrap_or_default();
    Ok(Layout { width, height, chunk, stored, offsets, lzw: lzw_samples(decoder)? })
}

/// How the values are stored, if they are packed by LZW.
fn lzw_samples(decoder: &mut Decoder<BufReader<File>>) -> TiffResult<Option<Samples>> {
    if decoder.find_tag_unsigned::<u16>(Tag::Compression)? != Some(5) {
        return Ok(None);
    }
    let format = decoder.find_tag_unsigned_vec::<u16>(Tag::SampleFormat)?.and_then(|f| f.first().copied());
    let predictor = decoder.find_tag_unsigned(Tag::Predictor)?.unwrap_or(1);
    let ColorType::Gray(bits) = decoder.colortype()? else { return Ok(None) }; // refused in a moment
    Ok(Some(Samples { bits, format: format.unwrap_or(1), predictor, order: decoder.byte_order() }))
}

/// The tag in which GDAL keeps the value for no data, as text; for single precision, rounded as the cells are.
fn nodata(decoder: &mut Decoder<BufReader<File>>) -> TiffResult<Option<f64>> {
    let value: Option<f64> = text(decoder, Tag::GdalNodata)?.trim_matches(['\0', ' ']).parse().ok();
    let single = decoder.find_tag_unsigned_vec::<u16>(Tag::SampleFormat)?.is_some_and(|f| f.first() == Some(&3))
        && matches!(decoder.colortype()?, ColorType::Gray(32));
    Ok(value.map(|v| if single { f64::from(v as f32) } else { v }))
}

/// Scale and offset of the first band in the metadata that GDAL keeps as XML: `<Item name="SCALE" sample="0" role="scale">0.01</Item>`.
fn scaling(metadata: &str) -> Scaling {
    let item = |role: &str| {
        let of_role = |item: &&str| item.contains(&format!("role=\"{role}\"")) && item.contains("sample=\"0\"");
        let one = metadata.split("<Item ").find(of_role)?;
        let value = one.split_once('>')?.1.split_once('<')?.0;
        value.trim().parse::<f64>().ok().filter(|v| v.is_finite())
    };
    Scaling { scale: item("scale").unwrap_or(1.0), offset: item("offset").unwrap_or(0.0) }
}

fn geo_tags(decoder: &mut Decoder<BufReader<File>>) -> TiffResult<GeoTags> {
    let mut doubles = |tag| -> TiffResult<Vec<f64>> { decoder.find_tag(tag)?.map_or(Ok(Vec::new()), ifd::Value::into_f64_vec) };
    let scale = doubles(Tag::ModelPixelScaleTag)?;
    let tiepoints = doubles(Tag::ModelTiepointTag)?;
    let transformation = doubles(Tag::ModelTransformationTag)?;
    let keys = decoder.find_tag_unsigned_vec(Tag::GeoKeyDirectoryTag)?.unwrap_or_default();
    Ok(GeoTags { scale, tiepoints, transformation, keys, names: text(decoder, Tag::GeoAsciiParamsTag)? })
}

/// The text of a tag, empty where it is missing. The decoder would reserve as much as the tag claims to hold.
fn text(decoder: &mut Decoder<BufReader<File>>, tag: Tag) -> TiffResult<String> {
    match decoder.image_ifd().find_entry(tag) {
        Some(entry) if entry.count() > LONGEST_TEXT => Err(TiffFormatError::InvalidTag.into()),
        _ => Ok(decoder.find_tag(tag)?.and_then(|v| v.into_string().ok()).unwrap_or_default()),
    }
}

/// Bits of a value; refuses what is not one band of numbers with the larger ones meaning more.
fn sample_bits(decoder: &mut Decoder<BufReader<File>>, shown: &str) -> Result<u8> {
    let (color, inverted) = decode(shown, || {
        Ok((decoder.colortype()?, decoder.find_tag_unsigned::<u16>(Tag::PhotometricInterpretation)? == Some(0)))
    })?;
    match color {
        ColorType::Gray(bits) if bits >= 8 && !inverted => Ok(bits),
        _ => Err(Error::input("the raster is not one band of numbers", REWRITE).at(Location::file(shown))),
    }
}

/// Refuses sizes that contradict each other, and strips or tiles that cannot be held or cannot be in the file.
fn check_layout(l: &Layout, bits: u8, file_bytes: u64) -> std::result::Result<(), String> {
    if l.chunk.0 == 0 || l.chunk.1 == 0 {
        return Err("the file is damaged: its strips or tiles have no size".to_owned());
    }
    let count = u64::from(l.across()) * u64::from(l.height.div_ceil(l.chunk.1));
    if count != l.stored.len() as u64 || count != l.offsets.len() as u64 {
        return Err(format!("the file is damaged: it lists {} strips or tiles where {count} make the image", l.stored.len()));
    }
    let bytes = (u64::from(l.chunk.0) * u64::from(l.chunk.1)).saturating_mul(u64::from(bits / 8));
    if bytes > LARGEST_CHUNK {
        return Err(format!("a strip or tile of the raster has {bytes} bytes, and at most {LARGEST_CHUNK} are read"));
    }
    if bytes > file_bytes.saturating_mul(LARGEST_RATIO) {
        return Err(format!("the file is damaged: a strip or tile of {bytes} bytes cannot be in {file_bytes} bytes"));
    }
    Ok(())
}

/// The region file's word, else the file's code; the equal-area system of GHSL, which has none, goes by its name.
fn system(declared: Option<&str>, tags: &GeoTags, shown: &str) -> Result<System> {
    if let Some(word) = declared {
        return System::from_word(word)
            .map_err(|what| Error::usage(what, "write crs = \"EPSG:n\"").at(Location::file(shown).field("population.crs")));
    }
    let named = match epsg(&tags.keys) {
        Err(_) if tags.names.contains("World_Mollweide") => System::from_word(MOLLWEIDE).map(|mut s| {
            s.label = "World Mollweide".to_owned();
            s
        }),
        code => code.and_then(|code| System::from_word(&format!("EPSG:{code}"))),
    };
    named.map_err(|what| {
        let next = "write [population] crs = \"EPSG:n\" or a PROJ string";
        Error::input(what, next).at(Location::file(shown))
    })
}

macro_rules! of_every_kind {
    ($values:expr, $list:ident => $result:expr, $same:ident => $of_same:expr, $half:ident => $of_half:expr) => {
        match $values {
            DecodingResult::U8($list) => $result,
            DecodingResult::U16($list) => $result,
            DecodingResult::U32($list) => $result,
            DecodingResult::U64($list) => $result,
            DecodingResult::I8($list) => $result,
            DecodingResult::I16($list) => $result,
            DecodingResult::I32($list) => $result,
            DecodingResult::I64($list) => $result,
            DecodingResult::F32($list) => $result,
            DecodingResult::F64($same) => $of_same,
            DecodingResult::F16($half) => $of_half,
        }
    };
}

/// A value as a number; NaN behind the end. Whole numbers above 2⁵³ lose digits, and are refused as people anyway.
fn value(values: &DecodingResult, k: usize) -> f64 {
    let number =
        of_every_kind!(values, l => l.get(k).map(|v| *v as f64), l => l.get(k).copied(), l => l.get(k).map(|v| v.to_f64()));
    number.unwrap_or(f64::NAN)
}
