//! How a layer's files are to be read.

/// How a region file says that a layer is to be read.
#[derive(Clone, Copy, Debug, Default)]
pub struct How<'a> {
    /// Format, to be checked against the content.
    pub format: Option<&'a str>,
    /// Layer inside a GeoPackage.
    pub inside: Option<&'a str>,
    /// Sheet of a workbook.
    pub sheet: Option<&'a str>,
    /// Encoding of text.
    pub encoding: Option<&'a str>,
    /// Column separator of a table.
    pub delimiter: Option<&'a str>,
    /// Coordinate system, over the file's own.
    pub crs: Option<&'a str>,
    /// Datum of the degrees.
    pub datum: Option<&'a str>,
}
