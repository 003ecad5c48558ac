//! An extract as a row of elements that can be gone through again and again, whatever its format.

use super::element::{Element, Kinds};
use super::pbf::PbfFile;
use crate::error::{Location, Result};
use std::path::Path;

/// An open extract.
#[derive(Debug)]
pub enum Source {
    /// PBF.
    Pbf(PbfFile),
}

impl Source {
    /// Opens an extract; `at` names it in messages.
    ///
    /// # Errors
    /// Input, when its outline is damaged; environment, when it cannot be opened.
    pub fn open(path: &Path, at: &Location) -> Result<Self> {
        Ok(Self::Pbf(PbfFile::open(path, at)?))
    }

    /// Reads every element of the kinds `want` to parts, and joins the parts in the order of the file.
    ///
    /// # Errors
    /// Input, when the file is damaged or needs what is not known here.
    pub fn fold<T: Default + Send>(
        &mut self,
        want: Kinds,
        read: impl Fn(Element<'_>, &mut T) + Sync,
        join: impl FnMut(T),
    ) -> Result<()> {
        match self {
            Self::Pbf(file) => file.fold(want, read, join),
        }
    }
}
