//! What offices work on with their own programs, made from a finished folder and nothing else: a workbook of its tables. Reports and maps
//! are `page`; the folder itself is not changed.

mod workbook;

pub use workbook::{Filled, workbook};
