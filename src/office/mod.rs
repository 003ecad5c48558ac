//! What offices work on with their own programs, made from a finished folder and nothing else: a workbook of its tables, a draft to write on, its
//! first page on paper, its map as a picture. Reports and maps are `page`; the folder itself is not changed.

#[cfg(feature = "docx")]
mod draft;
mod pdf;
#[cfg(feature = "pictures")]
mod picture;
#[cfg(feature = "xlsx")]
mod workbook;

#[cfg(feature = "docx")]
pub use draft::draft;
pub use pdf::pdf;
#[cfg(feature = "pictures")]
pub use picture::{Drawn, picture};
#[cfg(feature = "xlsx")]
pub use workbook::{Filled, workbook};
