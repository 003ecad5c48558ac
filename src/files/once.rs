//! Names that columns had in folders of an older format, so that these are read by the names of today. No new table has them.

/// Columns that have another name since format 4, with the one before: the code of a county in tables of counties, and what an issue is.
const UNTIL_FORMAT_3: [(&str, &str); 2] = [("county_code", "code"), ("issue", "code")];

/// What a column was called before, where it had another name.
pub fn once(name: &str) -> Option<&'static str> {
    UNTIL_FORMAT_3.iter().find(|(now, _)| *now == name).map(|(_, then)| *then)
}

/// The name by which these columns have one that is called so today; the name itself where they do not have it by any.
///
/// ```
/// use chargegap::internals::files::once::called;
/// assert_eq!(called("county_code", |c| c == "code"), "code"); // a folder of format 3
/// assert_eq!(called("county_code", |c| ["county_code", "code"].contains(&c)), "county_code");
/// assert_eq!(called("rank", |_| false), "rank");
/// ```
pub fn called(name: &str, has: impl Fn(&str) -> bool) -> &str {
    if has(name) {
        return name;
    }
    once(name).filter(|then| has(then)).unwrap_or(name)
}

/// The name by which these columns have one that was called so once; the name itself where they have no such.
pub fn called_now(then: &str, has: impl Fn(&str) -> bool) -> &str {
    if has(then) {
        return then;
    }
    let now = UNTIL_FORMAT_3.iter().filter(|(_, was)| *was == then).map(|(now, _)| *now);
    now.into_iter().find(|now| has(now)).unwrap_or(then)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_found_by_its_name_of_then_and_of_now() {
        let [old, new, issues] = [["rank", "code"], ["rank", "county_code"], ["layer", "issue"]];
        assert_eq!(called("county_code", |c| old.contains(&c)), "code");
        assert_eq!(called("county_code", |c| new.contains(&c)), "county_code");
        assert_eq!(called_now("code", |c| new.contains(&c)), "county_code");
        assert_eq!(called_now("code", |c| issues.contains(&c)), "issue");
        assert_eq!(called_now("code", |c| old.contains(&c)), "code");
        // a name of then is not taken where today's stands
        assert_eq!([called("rank", |_| false), called_now("rank", |_| false)], ["rank", "rank"]);
    }
}
