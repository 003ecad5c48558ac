//! From files to a region: `init`, `check`, workbooks.
