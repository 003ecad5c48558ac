//! Who is judged as one: a county by itself, or the counties of a joint application under their lead.

use crate::config::rank_table::JointTable;
use crate::error::{Error, Location, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The joint application that a county belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JointOf {
    /// Its name.
    pub name: String,
    /// Code of the county that leads it.
    pub lead: String,
    /// Codes of all its counties, in order.
    pub members: Vec<String>,
}

/// Counties that are judged as one.
pub(super) struct Applying {
    /// The application; none for a county by itself.
    pub(super) joint: Option<JointOf>,
    /// Number of the lead county, or of the only one.
    pub(super) lead: u32,
    /// Numbers of all.
    pub(super) counties: Vec<u32>,
}

/// Refuses a joint application that cannot be.
///
/// # Errors
/// Usage, naming the key: a lead or a member that is no county here, a county in two applications, one alone.
pub fn check_joint(codes: &[String], joint: &[JointTable]) -> Result<()> {
    all(codes, joint).map(|_| ())
}

/// All who are judged, in the order of their leads.
///
/// # Errors
/// Usage, naming the key: a lead or a member that is no county here, a county in two applications, one alone.
pub(super) fn all(codes: &[String], joint: &[JointTable]) -> Result<Vec<Applying>> {
    let mut taken: BTreeSet<u32> = BTreeSet::new();
    let mut all = Vec::new();
    for (n, table) in joint.iter().enumerate() {
        let bad = |key: &str, what: String, next: &str| {
            Err(Error::usage(what, next).at(Location::default().field(format!("rank.joint[{n}].{key}"))))
        };
        let number = |code: &String| codes.iter().position(|c| c == code).map(|i| i as u32);
        let Some(lead) = number(&table.lead) else {
            let what =
                format!("the lead county \"{}\" of the joint application \"{}\" is no county here", table.lead, table.name);
            return bad("lead", what, "give the code of one of its counties: one quota, one lead county");
        };
        let members: BTreeSet<&String> = table.members.iter().chain([&table.lead]).collect();
        let mut counties = Vec::new();
        for code in &members {
            match number(code) {
                Some(county) if taken.insert(county) => counties.push(county),
                Some(_) => {
                    return bad("members", format!("county {code} is in two joint applications"), "leave it in one of them");
                }
                None => {
                    let what = format!("no county has the code {code}");
                    return bad("members", what, "give the codes of counties of this run");
                }
            }
        }
        if counties.len() < 2 {
            return bad("members", format!("\"{}\" is one county", table.name), "give two or more");
        }
        let members = members.into_iter().cloned().collect();
        let joint = JointOf { name: table.name.clone(), lead: table.lead.clone(), members };
        all.push(Applying { joint: Some(joint), lead, counties });
    }
    let alone = (0..codes.len() as u32).filter(|c| !taken.contains(c));
    all.extend(alone.map(|c| Applying { joint: None, lead: c, counties: vec![c] }));
    all.sort_by_key(|a| a.lead);
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_stand_for_their_counties_and_who_is_missing_is_named() {
        let codes: Vec<String> = ["1", "2", "3", "4"].map(str::to_owned).into();
        let table = |lead: &str, members: &[&str]| JointTable {
            name: "J".to_owned(),
            lead: lead.to_owned(),
            members: members.iter().map(|m| (*m).to_owned()).collect(),
        };
        let seen: Vec<(u32, Vec<u32>)> =
            all(&codes, &[table("3", &["1"])]).unwrap().into_iter().map(|a| (a.lead, a.counties)).collect();
        assert_eq!(seen, [(1, vec![1]), (2, vec![0, 2]), (3, vec![3])]);
        for (tables, key, what) in [
            (vec![table("9", &["1", "2"])], "rank.joint[0].lead", "the lead county \"9\""),
            (vec![table("1", &["2", "9"])], "rank.joint[0].members", "code 9"),
            (vec![table("1", &["2"]), table("3", &["2"])], "rank.joint[1].members", "two joint applications"),
            (vec![table("1", &["1"])], "rank.joint[0].members", "is one county"),
        ] {
            let e = all(&codes, &tables).err().unwrap();
            assert_eq!((e.exit_code(), e.location().field.as_deref()), (2, Some(key)), "{e}");
            assert!(e.what().contains(what), "{e}");
        }
    }
}
