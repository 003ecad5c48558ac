//! The JSON Schema of region and round files, from the very structs that they are read into: editors complete and check by it.

use super::region_file::RegionFile;
use super::round_file::RoundFile;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

/// A file that has a schema.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SchemaOf {
    /// `region.toml`.
    Region,
    /// A round file.
    Round,
}

impl SchemaOf {
    /// The name of the schema's file, beside the file that names it.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Region => "region.schema.json",
            Self::Round => "round.schema.json",
        }
    }

    /// The schema, draft 7: what editors of TOML understand.
    pub fn schema(self) -> Value {
        match self {
            Self::Region => of::<RegionFile>("chargegap region file"),
            Self::Round => of::<RoundFile>("chargegap round file"),
        }
    }
}

fn of<T: JsonSchema>(title: &str) -> Value {
    let mut schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    schema.to_value()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tables of a schema, followed over `$ref`.
    fn table<'s>(root: &'s Value, mut at: &'s Value) -> &'s Value {
        loop {
            let next = at["$ref"].as_str().or_else(|| at["allOf"][0]["$ref"].as_str()).or_else(|| {
                let any = at["anyOf"].as_array()?;
                any.iter().find_map(|a| a["$ref"].as_str())
            });
            match next {
                Some(name) => at = &root["definitions"][name.rsplit('/').next().unwrap()],
                None => return at,
            }
        }
    }

    /// Every key that a table knows, as its reader lists them when it meets one that it does not know.
    fn keys(table: &str) -> Vec<String> {
        let text = if table.is_empty() { "zzz = 1\n".to_owned() } else { format!("[{table}]\nzzz_no_key = 1\n") };
        let said = RegionFile::parse(&text, "r").unwrap_err().next().to_owned();
        let list = said.strip_prefix("known here: ").unwrap_or_else(|| panic!("{table}: {said}"));
        list.split(", ").map(str::to_owned).collect()
    }

    #[test]
    fn every_key_that_is_read_is_in_the_schema_and_no_other() {
        let root = SchemaOf::Region.schema();
        for name in [
            "",
            "region",
            "osm",
            "roads",
            "counties",
            "county_table",
            "stations",
            "candidates",
            "population",
            "criteria",
            "rank",
            "programme",
            "plan",
            "output",
            "read",
            "rank.method",
            "rank.eligibility",
            "rank.uncertainty",
            "rank.counterfactuals",
        ] {
            let mut at = &root;
            for step in name.split('.').filter(|s| !s.is_empty()) {
                at = table(&root, &table(&root, at)["properties"][step]);
            }
            let properties = table(&root, at)["properties"].as_object().unwrap_or_else(|| panic!("{name}: {at}"));
            let mut known: Vec<String> = properties.keys().cloned().collect();
            let mut read = keys(name);
            // what was set by hand is read from manifests; a region file that has it is refused, a round file writes it as [[override]]
            read.retain(|key| (name, key.as_str()) != ("rank", "overrides"));
            known.sort();
            read.sort();
            assert_eq!(known, read, "[{name}]");
            assert_eq!(table(&root, at)["additionalProperties"], false, "[{name}]");
        }
        assert!(SchemaOf::Round.schema()["properties"]["regions"].is_object());
    }

    #[test]
    fn keys_come_with_what_they_mean() {
        let root = SchemaOf::Region.schema();
        let roads = table(&root, &root["properties"]["roads"]);
        assert!(roads["properties"]["classes"]["description"].as_str().unwrap().contains("class values"), "{roads}");
        assert_eq!(root["$schema"], "http://json-schema.org/draft-07/schema#");
    }
}
