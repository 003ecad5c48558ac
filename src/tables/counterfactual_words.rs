//! A counterfactual in one sentence, in English and Chinese.

use crate::files::text::{fixed, grouped, km1};
use crate::space::LonLat;
use crate::whatif::counterfactual::UnitPlace;

/// What a sentence is about.
pub struct Said<'a> {
    /// Name in English and Chinese.
    pub names: [&'a str; 2],
    /// Name of the joint application, if it is one.
    pub joint: Option<&'a str>,
    /// Power that a new station is taken to have, kW.
    pub power_kw: f64,
    /// Service distance, for people.
    pub limit: String,
    /// Units that are ranked.
    pub ranked: usize,
    /// Whether people are those of a raster, which is not counted anew.
    pub raster: bool,
    /// As things are.
    pub before: UnitPlace,
    /// With the stations.
    pub after: UnitPlace,
    /// Road and position of each new station.
    pub sites: Vec<(&'a str, LonLat)>,
}

impl Said<'_> {
    /// In English.
    pub fn english(&self) -> String {
        let at = |(road, at): &(&str, LonLat)| {
            let road = if road.is_empty() { "a road without a name" } else { road };
            format!("{road} ({})", position(*at))
        };
        let sites: Vec<String> = self.sites.iter().map(at).collect();
        let plural = if sites.len() == 1 { "" } else { "s" };
        let joint = self.joint.map_or(String::new(), |name| format!(" (with \"{name}\")"));
        let (a, b) = (&self.before, &self.after);
        let place = match a.rank == b.rank {
            true => format!("stays at place {}", b.rank),
            false => format!("goes from place {} to place {}", a.rank, b.rank),
        };
        let people = match (self.raster, a.people_in_gap) {
            (true, _) => "; people of the raster were not counted anew".to_owned(),
            (false, 0) => String::new(),
            (false, was) => format!("; people beyond it {} → {}", grouped(was), grouped(b.people_in_gap)),
        };
        format!(
            "With {} new public {} kW station{plural}, on {}: {}{joint} {place} of {}, score {} → {}; road beyond {} {} → {} km{people}.",
            sites.len(),
            self.power_kw,
            sites.join(" and "),
            self.names[0],
            self.ranked,
            fixed(a.score, 1),
            fixed(b.score, 1),
            self.limit,
            km1(a.gap_mm),
            km1(b.gap_mm),
        )
    }

    /// In Chinese.
    pub fn chinese(&self) -> String {
        let at = |(road, at): &(&str, LonLat)| {
            let road = if road.is_empty() { "无名道路" } else { road };
            format!("{road}（{}）", position(*at))
        };
        let sites: Vec<String> = self.sites.iter().map(at).collect();
        let joint = self.joint.map_or(String::new(), |name| format!("（联合申报“{name}”）"));
        let (a, b) = (&self.before, &self.after);
        let place = match a.rank == b.rank {
            true => format!("名次仍为第{}位", b.rank),
            false => format!("名次由第{}位变为第{}位", a.rank, b.rank),
        };
        let people = match (self.raster, a.people_in_gap) {
            (true, _) => "；栅格人口未重新统计".to_owned(),
            (false, 0) => String::new(),
            (false, was) => format!("；{}外人口{}→{}人", self.limit, grouped(was), grouped(b.people_in_gap)),
        };
        format!(
            "若在{}新建{}座{}千瓦公共充电站，{}{joint}{place}（共{}位），得分{}→{}；{}外道路{}→{}公里{people}。",
            sites.join("、"),
            sites.len(),
            self.power_kw,
            self.names[1],
            self.ranked,
            fixed(a.score, 1),
            fixed(b.score, 1),
            self.limit,
            km1(a.gap_mm),
            km1(b.gap_mm),
        )
    }
}

fn position(at: LonLat) -> String {
    format!("{:.5}, {:.5}", at.lon(), at.lat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_say_what_changes_and_what_is_assumed() {
        let place = |rank, score, gap_mm, people_in_gap| UnitPlace { rank, score, gap_mm, people_in_gap };
        let at = LonLat::new(109.5, 31.25).unwrap();
        let mut said = Said {
            names: ["Fengjie", "奉节县"],
            joint: None,
            power_kw: 120.0,
            limit: "10 km".to_owned(),
            ranked: 99,
            raster: false,
            before: place(41, 50.04, 1_234_950_000, 12_345),
            after: place(63, 40.0, 900_000_000, 0),
            sites: vec![("G348", at), ("", at)],
        };
        assert_eq!(
            said.english(),
            "With 2 new public 120 kW stations, on G348 (109.50000, 31.25000) and a road without a name (109.50000, 31.25000): \
             Fengjie goes from place 41 to place 63 of 99, score 50.0 → 40.0; road beyond 10 km 1,235.0 → 900.0 km; people \
             beyond it 12,345 → 0."
        );
        assert_eq!(
            said.chinese(),
            "若在G348（109.50000, 31.25000）、无名道路（109.50000, 31.25000）新建2座120千瓦公共充电站，奉节县名次由第41位变为第63位\
             （共99位），得分50.0→40.0；10 km外道路1,235.0→900.0公里；10 km外人口12,345→0人。"
        );
        (said.raster, said.joint, said.after.rank) = (true, Some("Gorges"), 41);
        said.sites.truncate(1);
        assert!(said.english().starts_with("With 1 new public 120 kW station, on G348"), "{}", said.english());
        assert!(said.english().contains("Fengjie (with \"Gorges\") stays at place 41 of 99"), "{}", said.english());
        assert!(said.english().ends_with("; people of the raster were not counted anew."), "{}", said.english());
        assert!(said.chinese().contains("名次仍为第41位") && said.chinese().ends_with("；栅格人口未重新统计。"));
    }
}
