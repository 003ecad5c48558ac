//! The seal of a manifest: the fingerprint of itself that it carries.

use crate::read::hex;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Stands in the text while the text is hashed.
pub const SELF_BLANK: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The text of a manifest whose `manifest_sha256` is [`SELF_BLANK`], with its own fingerprint in that place.
pub fn sealed(manifest: &Value) -> String {
    // Serialising a JSON value cannot fail.
    let blank = serde_json::to_string_pretty(manifest).unwrap_or_default() + "\n";
    let print = hex(&Sha256::digest(blank.as_bytes()));
    blank.replacen(SELF_BLANK, &print, 1)
}

/// Whether a manifest is as it was written, by its own fingerprint.
pub fn fingerprint_matches(bytes: &[u8], manifest: &Value) -> bool {
    let claimed = manifest["manifest_sha256"].as_str().unwrap_or_default();
    let text = String::from_utf8_lossy(bytes);
    let blank = if claimed.len() == SELF_BLANK.len() { text.replacen(claimed, SELF_BLANK, 1) } else { String::new() };
    hex(&Sha256::digest(blank.as_bytes())) == claimed
}
