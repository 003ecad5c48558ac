//! From files to a region: workbooks everywhere, `init`, and region files as editors leave them.

mod books;
mod config;
mod init;
mod steps;
