//! Meaning by default: formats and words known by content.
