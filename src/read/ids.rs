//! Ids in the order in which people count.

/// What ids are ordered by: S9 before S10, where they differ in length only by their digits.
pub fn natural(id: &str) -> (String, usize, String) {
    let digits = id.len() - id.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    (id[..id.len() - digits].to_owned(), digits, id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::natural;

    #[test]
    fn ids_are_in_the_order_in_which_people_count() {
        let mut ids = ["S10", "S9", "R12", "", "S", "9", "10", "S09"];
        ids.sort_by_key(|id| natural(id));
        assert_eq!(ids, ["", "9", "10", "R12", "S", "S9", "S09", "S10"]);
    }
}
