//! Shapes of a `.shp`, record by record: by the places that the `.shx` lists, else one behind the other.
//!
//! Own code, because the library tells holes from outer rings by their winding, reads on at a wrong place behind an empty shape that
//! has more bytes than its kind, and has no bundles of points. A shape is points, parts and a kind; elevations and measures are left
//! out.
//!
//! # Reference
//! ESRI Shapefile Technical Description, 1998.

use super::{odd, rings};
use geojson::{GeometryValue, Position};
use std::io::{self, Read, Seek, SeekFrom};

/// Bytes before the first record, of `.shp` and `.shx`.
const HEADER: u64 = 100;
/// The longest piece between two records that is read over instead of jumped over.
const NEAR: u64 = 1 << 16;

/// An open file of shapes.
#[derive(Debug)]
pub(super) struct Shapes<R> {
    file: R,
    /// Where the reader stands.
    at: u64,
    end: u64,
    /// Where each record begins, where a `.shx` says so.
    places: Option<std::vec::IntoIter<u64>>,
    content: Vec<u8>,
}

/// Places of the records by a `.shx`; none where it is no such file or lists what cannot be.
pub(super) fn places(shx: &[u8]) -> Option<Vec<u64>> {
    let entries = shx.get(HEADER as usize..)?;
    if !shx.starts_with(&[0, 0, 0x27, 0x0a]) || entries.len() % 8 != 0 {
        return None;
    }
    let place = |e: &[u8]| e.first_chunk::<4>().map(|b| u64::from(u32::from_be_bytes(*b)) * 2).filter(|p| *p >= HEADER);
    entries.chunks_exact(8).map(place).collect()
}

impl<R: Read + Seek> Shapes<R> {
    /// Over a file of so many bytes.
    pub(super) fn open(mut file: R, bytes: u64, places: Option<Vec<u64>>) -> io::Result<Self> {
        let mut head = [0; HEADER as usize];
        file.read_exact(&mut head).map_err(|_| odd("it ends within its header"))?;
        let said = u64::from(u32::from_be_bytes([head[24], head[25], head[26], head[27]])) * 2;
        if said != bytes && (said < HEADER || said > bytes) {
            return Err(odd(format!("its header says {said} bytes and it has {bytes}")));
        }
        Ok(Self { file, at: HEADER, end: said, places: places.map(Vec::into_iter), content: Vec::new() })
    }

    /// The next shape: none behind the last, `Ok(None)` for an empty one.
    pub(super) fn next(&mut self) -> Option<io::Result<Option<GeometryValue>>> {
        let place = match &mut self.places {
            Some(places) => places.next()?,
            None if self.at >= self.end => return None,
            None => self.at,
        };
        Some(self.record(place))
    }

    fn record(&mut self, place: u64) -> io::Result<Option<GeometryValue>> {
        let cut = |_| odd("it ends within a shape");
        if place >= self.at && place - self.at <= NEAR {
            io::copy(&mut self.file.by_ref().take(place - self.at), &mut io::sink())?;
        } else {
            self.file.seek(SeekFrom::Start(place))?;
        }
        let mut head = [0; 8];
        self.file.read_exact(&mut head).map_err(cut)?;
        let length = u64::from(u32::from_be_bytes([head[4], head[5], head[6], head[7]])) * 2;
        let begin = place + 8;
        if begin + length > self.end {
            return Err(odd("a shape reaches beyond its end"));
        }
        self.content.clear();
        self.content.resize(length as usize, 0); // not more than the file holds
        self.file.read_exact(&mut self.content).map_err(cut)?;
        self.at = begin + length;
        shape(&self.content)
    }
}

/// The numbers of a record's content.
struct Numbers<'a>(&'a [u8]);

impl Numbers<'_> {
    fn take<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk::<N>().ok_or_else(|| odd("a shape is shorter than its kind"))?;
        self.0 = rest;
        Ok(*first)
    }

    fn int(&mut self) -> io::Result<i32> {
        self.take().map(i32::from_le_bytes)
    }

    fn point(&mut self) -> io::Result<Position> {
        Ok([f64::from_le_bytes(self.take()?), f64::from_le_bytes(self.take()?)].into())
    }

    /// A count of things of so many bytes each; no more than there are bytes for.
    fn count(&mut self, bytes: usize) -> io::Result<usize> {
        let n = self.int()?;
        usize::try_from(n)
            .ok()
            .filter(|n| n.checked_mul(bytes).is_some_and(|b| b <= self.0.len()))
            .ok_or_else(|| odd(format!("a shape has {n} parts or points, and no bytes for them")))
    }

    fn points(&mut self, n: usize) -> io::Result<Vec<Position>> {
        if n.checked_mul(16).is_none_or(|b| b > self.0.len()) {
            return Err(odd("a shape has fewer points than it says"));
        }
        (0..n).map(|_| self.point()).collect()
    }
}

fn shape(content: &[u8]) -> io::Result<Option<GeometryValue>> {
    let mut numbers = Numbers(content);
    let kind = numbers.int()?;
    Ok(match kind {
        0 => None,
        1 | 11 | 21 => Some(GeometryValue::Point { coordinates: numbers.point()? }),
        8 | 18 | 28 => {
            numbers.take::<32>()?;
            let n = numbers.count(16)?;
            Some(GeometryValue::MultiPoint { coordinates: numbers.points(n)? })
        }
        3 | 13 | 23 => lines(parts(&mut numbers)?),
        5 | 15 | 25 => rings::areas(parts(&mut numbers)?),
        31 => return Err(odd("a multipatch is no line, point or area")),
        other => return Err(odd(format!("there is no kind of shape {other}"))),
    })
}

fn parts(numbers: &mut Numbers<'_>) -> io::Result<Vec<Vec<Position>>> {
    numbers.take::<32>()?;
    let (parts, points) = (numbers.int()?, numbers.int()?);
    let fits = |n: i32, bytes: usize| usize::try_from(n).ok().filter(|n| n.saturating_mul(bytes) <= numbers.0.len());
    let (Some(parts), Some(points)) = (fits(parts, 4), fits(points, 16)) else {
        return Err(odd(format!("a shape has {parts} parts and {points} points, and no bytes for them")));
    };
    let mut starts: Vec<usize> = Vec::with_capacity(parts + 1);
    for _ in 0..parts {
        let start = usize::try_from(numbers.int()?).ok().filter(|s| *s <= points && starts.last().is_none_or(|l| l <= s));
        starts.push(start.ok_or_else(|| odd("the parts of a shape do not follow each other"))?);
    }
    starts.push(points);
    let all = numbers.points(points)?;
    Ok(starts.windows(2).map(|w| all[w[0]..w[1]].to_vec()).filter(|p| !p.is_empty()).collect())
}

fn lines(mut parts: Vec<Vec<Position>>) -> Option<GeometryValue> {
    match parts.len() {
        0 => None,
        1 => parts.pop().map(|coordinates| GeometryValue::LineString { coordinates }),
        _ => Some(GeometryValue::MultiLineString { coordinates: parts }),
    }
}
