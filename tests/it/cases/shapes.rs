//! Valid shapes in every format, and sentences that name the true cause.

use super::{case, says};

#[test]
fn an_ordinary_region_is_read() {
    let Some(folder) = case("24-ring") else { return };
    says(&folder, &["check", "right.toml"]).with(0, &["counties"]);
}
