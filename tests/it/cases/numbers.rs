//! Numbers and text that must not change on the way in.
