//! `[demand.traffic]`: vehicles counted on roads (AADT), and what of them asks for charging on its way. Nothing of it has a default that could
//! be taken for a count: without the table there is no through traffic.

use super::demand::Book;
use crate::error::Result;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// `[demand.traffic]` as typed.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TrafficTable {
    /// CSV or workbook with a row a road (`road`), or a road and county (`code`): vehicles a day in both directions (`aadt`), and of them heavy
    /// trucks (`trucks`).
    pub path: Option<PathBuf>,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// Our field names (`road`, `code`, `aadt`, `trucks`) to the file's.
    pub fields: BTreeMap<String, String>,
    /// Share of the counted vehicles that are on their way through and not counted at settlements, 0 to 1.
    pub through_share: Option<f64>,
    /// Share of these, trucks apart, that are electric, 0 to 1.
    pub electric_share: Option<f64>,
    /// Share of the heavy trucks that are electric, 0 to 1; needed where trucks are counted.
    pub electric_truck_share: Option<f64>,
    /// Share of the energy used on the counted roads that is charged in public near them, 0 to 1; default 1.
    pub charged_share: Option<f64>,
}

/// What it means.
#[derive(Clone, Debug, PartialEq)]
pub struct Traffic {
    /// The table.
    pub path: PathBuf,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// Columns by our names.
    pub fields: BTreeMap<String, String>,
    /// On their way through.
    pub through_share: f64,
    /// Electric, trucks apart.
    pub electric_share: f64,
    /// Electric of heavy trucks; none where it is not given.
    pub electric_truck_share: Option<f64>,
    /// Charged near the counted roads.
    pub charged_share: f64,
}

impl Book {
    pub(super) fn traffic(&mut self, t: Option<&TrafficTable>) -> Result<Option<Traffic>> {
        let Some(t) = t else { return Ok(None) };
        let Some(path) = t.path.clone() else {
            let what = "counts of traffic are asked for, and no table is named".to_owned();
            return Err(self.keys.bad("demand.traffic.path", what, "give demand.traffic.path, or leave [demand.traffic] out"));
        };
        let truck = t.electric_truck_share.map(|s| self.given("demand.traffic.electric_truck_share", Some(s)));
        Ok(Some(Traffic {
            path,
            sheet: t.sheet.clone(),
            fields: t.fields.clone(),
            through_share: self.given("demand.traffic.through_share", t.through_share)?,
            electric_share: self.given("demand.traffic.electric_share", t.electric_share)?,
            electric_truck_share: truck.transpose()?,
            charged_share: self.share(
                "demand.traffic.charged_share",
                t.charged_share,
                1.0,
                "what is used on the counted roads is charged near them",
            )?,
        }))
    }

    /// A share that nobody can assume.
    fn given(&mut self, key: &str, share: Option<f64>) -> Result<f64> {
        if share.is_none() {
            let what = "a count does not say which vehicles are electric or on their way through".to_owned();
            return Err(self.keys.bad(key, what, &format!("give {key}, 0 to 1, or leave [demand.traffic] out")));
        }
        self.share(key, share, 0.0, "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RegionFile;
    use crate::config::demand::{Basis, Demand};

    fn of(text: &str) -> Result<Option<Traffic>> {
        let file = RegionFile::parse(&format!("[demand.traffic]\n{text}"), "r")?;
        Ok(Demand::of(&file, 10_000_000, 50_000_000)?.and_then(|d| d.traffic))
    }

    #[test]
    fn shares_of_counts_are_given_and_never_assumed() {
        let all = of("path = \"c.csv\"\nthrough_share = 0.5\nelectric_share = 0.1\n").unwrap().unwrap();
        assert_eq!((all.through_share, all.electric_share, all.electric_truck_share, all.charged_share), (0.5, 0.1, None, 1.0));
        for (text, key) in [
            ("through_share = 0.5\nelectric_share = 0.1\n", "demand.traffic.path"),
            ("path = \"c.csv\"\nelectric_share = 0.1\n", "demand.traffic.through_share"),
            ("path = \"c.csv\"\nthrough_share = 0.5\n", "demand.traffic.electric_share"),
            ("path = \"c.csv\"\nthrough_share = 1.5\nelectric_share = 0.1\n", "demand.traffic.through_share"),
        ] {
            let e = of(text).unwrap_err();
            assert_eq!(e.location().field.as_deref(), Some(key), "{e}");
        }
        let file = RegionFile::parse("[demand]\n", "r").unwrap();
        assert_eq!(Demand::of(&file, 10_000_000, 50_000_000).unwrap().unwrap().traffic, None);
        let basis = Demand::of(
            &RegionFile::parse("[demand.traffic]\npath = \"c\"\nthrough_share = 0\nelectric_share = 0", "r").unwrap(),
            1,
            1,
        );
        let figures = basis.unwrap().unwrap().figures;
        let of = |key: &str| figures.iter().find(|f| f.key == key).map(|f| f.basis);
        assert_eq!(of("demand.traffic.through_share"), Some(Basis::Given));
        assert_eq!(of("demand.traffic.charged_share"), Some(Basis::Assumption));
    }
}
