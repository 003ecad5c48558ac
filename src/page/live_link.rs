//! Where the map to look around in is, for the pages that lead to it.

use crate::results::Results;

/// Its file.
pub const FILE: &str = "map.html";
/// Its word in `[output] without`.
pub const NAME: &str = crate::tables::MAP;

/// Leads to the page of a run or a round, `to` being the way to its folder; none where it is left out.
pub fn href(r: &Results, to: &str) -> Option<String> {
    r.output.wants(NAME).then(|| format!("{to}{FILE}"))
}

/// The same with a county picked. Its code is data: what is no letter or digit is written as the bytes of an address.
pub fn href_of_county(r: &Results, county: usize, to: &str) -> Option<String> {
    let safe = |b: u8| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") };
    let code: String = r.county(county).code.bytes().map(safe).collect();
    Some(format!("{}#county={code}", href(r, to)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::report::fixture::{CHARGING_ONLY, outcome};

    #[test]
    fn a_code_from_data_stays_a_code_in_the_address() {
        let o = outcome(CHARGING_ONLY);
        assert_eq!(href(&o, "../").as_deref(), Some("../map.html"));
        let link = href_of_county(&o, 0, "").unwrap();
        let code = link.strip_prefix("map.html#county=").unwrap();
        assert!(code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'%'), "{code}");
    }
}
