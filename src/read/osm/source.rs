//! An extract as a row of elements that can be gone through again and again, whatever its format.

use super::element::{Element, Kinds};
use super::pbf::PbfFile;
use super::xml::XmlFile;
use crate::error::{Location, Result};
use crate::input;
use crate::read::date::Day;
use crate::read::formats::sniff::is_pbf;
use std::path::Path;

/// An open extract.
#[derive(Debug)]
pub enum OsmSource {
    /// PBF.
    Pbf(PbfFile),
    /// XML, plain or packed with gzip.
    Xml(XmlFile),
}

impl OsmSource {
    /// Opens an extract, its format known by its first bytes; `at` names it in messages.
    ///
    /// # Errors
    /// Input, when its outline is damaged; environment, when it cannot be opened.
    pub fn open(path: &Path, at: &Location) -> Result<Self> {
        let head = input::head(path, 512)?;
        if !is_pbf(&head) && super::xml::begins(&head) {
            return Ok(Self::Xml(XmlFile::open(path, at, head.starts_with(&[0x1f, 0x8b]))?));
        }
        Ok(Self::Pbf(PbfFile::open(path, at)?))
    }

    /// Size of the file in bytes.
    pub fn bytes(&self) -> u64 {
        match self {
            Self::Pbf(file) => file.bytes(),
            Self::Xml(file) => file.bytes(),
        }
    }

    /// The day of the data, where the file says it.
    pub fn day(&mut self) -> Option<Day> {
        match self {
            Self::Pbf(file) => file.day(),
            Self::Xml(file) => file.day(),
        }
    }

    /// Why the answer of a server is not whole, where it says so; known when the elements were read.
    pub fn remark(&self) -> Option<&str> {
        match self {
            Self::Pbf(_) => None,
            Self::Xml(file) => file.remark(),
        }
    }

    /// Reads every element of the kinds `want` to parts, and joins the parts in the order of the file.
    ///
    /// # Errors
    /// Input, when the file is damaged or needs what is not known here.
    pub fn fold<T: Default + Send>(
        &mut self,
        want: Kinds,
        read: impl Fn(Element<'_>, &mut T) + Sync,
        join: impl FnMut(T) -> Result<()>,
    ) -> Result<()> {
        match self {
            Self::Pbf(file) => file.fold(want, read, join),
            Self::Xml(file) => file.fold(want, read, join),
        }
    }
}
