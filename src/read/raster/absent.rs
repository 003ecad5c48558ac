//! What stands in for the raster reader in a build without it: an error that says so.

use super::{Batches, Tally};
use crate::error::{Error, Location, Result};
use crate::read::formats::{Origin, SourceFile};

/// There is none in this build.
#[derive(Debug)]
pub enum Raster {}

impl Raster {
    /// Always refuses.
    ///
    /// # Errors
    /// Usage.
    pub fn open(file: &SourceFile, _: Option<&str>) -> Result<Self> {
        let next = "build with the feature `raster` (it is on by default)";
        Err(Error::usage("this build cannot read rasters", next).at(Location::file(file.shown.as_str())))
    }

    /// Never called.
    pub fn origin(&self) -> Origin {
        match *self {}
    }

    /// Never called.
    ///
    /// # Errors
    /// None.
    pub fn read(self, _: &mut Batches<'_>) -> Result<Tally> {
        match self {}
    }
}
