//! A finished folder that somebody changed and sealed again: fingerprints match, and only what must hold between files can tell.

use chargegap::internals::files::seal::{SELF_BLANK, sealed};
use chargegap::internals::verify::{Findings, verify};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::PathBuf;

/// A folder in the hands of a forger.
pub struct Forged(pub PathBuf);

impl Forged {
    /// Changes the text of a file of it.
    pub fn text(&self, name: &str, edit: &dyn Fn(String) -> String) {
        let old = fs::read_to_string(self.0.join(name)).unwrap();
        let new = edit(old.clone());
        assert_ne!(new, old, "{name} was to be changed");
        fs::write(self.0.join(name), new).unwrap();
    }

    /// Changes a column of the first row of a table whose cell in another column is this.
    pub fn cell(&self, name: &str, (by, value): (&str, &str), column: &str, edit: &dyn Fn(&str) -> String) {
        let mut csv = csv::Reader::from_path(self.0.join(name)).unwrap();
        let header = csv.headers().unwrap().clone();
        let of = |c: &str| header.iter().position(|h| h == c).unwrap_or_else(|| panic!("{name} has no {c}"));
        let (by, column) = (of(by), of(column));
        let mut rows: Vec<Vec<String>> = csv.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
        let row = rows.iter_mut().find(|r| r[by] == value).unwrap_or_else(|| panic!("{name} has no {value}"));
        row[column] = edit(&row[column]);
        let mut out = csv::Writer::from_path(self.0.join(name)).unwrap();
        out.write_record(&header).unwrap();
        rows.iter().for_each(|r| out.write_record(r).unwrap());
        out.flush().unwrap();
    }

    /// Changes a JSON file of it.
    pub fn json(&self, name: &str, edit: &dyn Fn(&mut Value)) {
        self.text(name, &|text| {
            let mut value: Value = serde_json::from_str(&text).unwrap();
            edit(&mut value);
            value.to_string()
        });
    }

    /// Changes the GeoPackage of a round, and where asked the seal of its content.
    pub fn package(&self, sql: &str, sealed: bool) {
        self.package_named("round.gpkg", sql, sealed);
    }

    /// The same of a GeoPackage of another name.
    pub fn package_named(&self, name: &str, sql: &str, sealed: bool) {
        let path = self.0.join(name);
        let db = rusqlite::Connection::open(&path).unwrap();
        // the index of a layer has functions that only programs for maps know
        let triggers: Vec<String> = {
            let mut all = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").unwrap();
            all.query_map([], |r| r.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
        };
        db.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        triggers.iter().for_each(|t| db.execute_batch(&format!("DROP TRIGGER \"{t}\"")).unwrap());
        db.execute_batch(sql).unwrap();
        db.close().unwrap();
        if sealed {
            let print = chargegap::internals::files::geopackage::content_sha256(&path).unwrap();
            self.json("manifest.json", &|m| {
                let mut files = m["outputs"].as_array_mut().unwrap().iter_mut();
                files.find(|o| o["name"] == name).unwrap()["content_sha256"] = print.clone().into();
            });
        }
    }

    /// Makes fingerprints match again.
    pub fn seal(&self) {
        let path = self.0.join("manifest.json");
        let mut manifest: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        self.seal_package();
        for file in manifest["outputs"].as_array_mut().unwrap() {
            let bytes = fs::read(self.0.join(file["name"].as_str().unwrap())).unwrap();
            let print: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
            (file["bytes"], file["sha256"]) = (bytes.len().into(), print.into());
        }
        manifest["manifest_sha256"] = SELF_BLANK.into();
        fs::write(&path, sealed(&manifest)).unwrap();
    }

    /// The data package tells sizes and fingerprints too.
    fn seal_package(&self) {
        let path = self.0.join("datapackage.json");
        let Ok(bytes) = fs::read(&path) else { return };
        let Ok(mut package) = serde_json::from_slice::<Value>(&bytes) else { return };
        for table in package["resources"].as_array_mut().into_iter().flatten() {
            let Ok(bytes) = fs::read(self.0.join(table["path"].as_str().unwrap())) else { continue };
            let print: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
            (table["bytes"], table["hash"]) = (bytes.len().into(), format!("sha256:{print}").into());
        }
        fs::write(&path, serde_json::to_string_pretty(&package).unwrap() + "\n").unwrap();
    }

    /// Seals it and has it verified.
    pub fn verified(&self) -> Findings {
        self.seal();
        verify(&self.0).unwrap()
    }
}
