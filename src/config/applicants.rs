//! `[applicants]` of a round file: the register of who applies.

use crate::error::{Error, Location, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// `[applicants]`: who applies, in place of `[regions] counties` and `county_list`. Every row has a row in `applicants.csv` and a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ApplicantsTable {
    /// CSV, or an Excel or ODS workbook.
    pub path: PathBuf,
    /// Sheet of a workbook; when not given, the first, or the only one with a header that will do.
    pub sheet: Option<String>,
    /// Our field names (`code`, `name`, `applied`, `files`, `joint_lead`, `withdrawn`, `reason`) to the file's.
    pub fields: BTreeMap<String, String>,
    /// The programme that is applied for, where `[programme]` names several that say who may apply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub programme: Option<String>,
}

/// Checks that who applies is said one way.
///
/// # Errors
/// Usage, naming the key.
pub(super) fn check(applicants: &ApplicantsTable, (listed, joint): (bool, bool), shown: &str) -> Result<()> {
    let bad = |key: &str, what: &str, next: &str| Err(Error::usage(what, next).at(Location::file(shown).field(key)));
    if applicants.path.as_os_str().is_empty() {
        return bad(
            "applicants.path",
            "the register of applicants has no path",
            "give [applicants] path, as \"applicants.xlsx\"",
        );
    }
    if listed {
        let what = "who applies is said in [applicants] and under [regions] too";
        return bad("applicants", what, "leave [regions] counties and county_list out");
    }
    if joint {
        let what = "joint applications are said in [[rank.joint]], and the register of applicants has them too";
        return bad("rank.joint", what, "leave [[rank.joint]] out, and give joint_lead in the register");
    }
    Ok(())
}
