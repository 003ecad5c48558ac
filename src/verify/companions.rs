//! What stands beside the tables says what the dictionary says: the types of `.csvt` files, and the fields, sizes and fingerprints of
//! `datapackage.json`. Folders of earlier versions have neither.

use super::Findings;
use super::opened::Opened;
use crate::error::Result;
use crate::files::data_package::{self, csvt_name, csvt_of, is_required, words};
use crate::input;
use crate::tables::dictionary::{self, Described};
use serde_json::Value;

/// Checks both, where the folder has a data package.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let (Some(table), true) = (o.tables.table(dictionary::FILE), o.holds(data_package::FILE)) else { return Ok(()) };
    let Ok(described) = dictionary::read(table) else { return Ok(()) }; // told where its types are checked
    let bytes = input::whole(&o.folder.path.join(data_package::FILE), "read the file", input::MOST_WHOLE)?;
    let package: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let resources = package["resources"].as_array().map(Vec::as_slice).unwrap_or_default();
    let outputs = o.folder.manifest["outputs"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut checked = 0;
    for written in outputs {
        let name = written["name"].as_str().unwrap_or_default();
        let Some(columns) = described.get(name).filter(|_| name.ends_with(".csv")) else { continue };
        checked += 1;
        let beside = csvt_name(name);
        if !o.holds(&beside) {
            findings.faults.push(format!("{beside} is missing: every {} has it", o.folder.kind.as_str()));
        } else if input::whole(&o.folder.path.join(&beside), "read the file", input::MOST_WHOLE)?
            != csvt_of(columns.iter().map(|c| c.kind)).as_bytes()
        {
            findings.faults.push(format!("{beside}: its types are not those of the dictionary"));
        }
        let same = resources.iter().any(|r| r["path"] == name && is_told(r, columns, written));
        if !same {
            findings.faults.push(format!("{}: it does not say of {name} what dictionary and manifest say", data_package::FILE));
        }
    }
    if resources.len() != checked {
        let n = resources.len();
        findings.faults.push(format!("{}: it describes {n} tables, and there are {checked}", data_package::FILE));
    }
    findings.checked.push(format!("types of {checked} tables for other programs, as the dictionary has them"));
    Ok(())
}

/// Whether a resource has these columns, and the size and fingerprint of the manifest.
fn is_told(resource: &Value, columns: &[Described], written: &Value) -> bool {
    let fields = resource["schema"]["fields"].as_array().map(Vec::as_slice).unwrap_or_default();
    let hash = format!("sha256:{}", written["sha256"].as_str().unwrap_or_default());
    fields.len() == columns.len()
        && resource["hash"] == hash
        && resource["bytes"] == written["bytes"]
        && fields.iter().zip(columns).all(|(field, column)| is_field_of(field, column))
}

fn is_field_of(field: &Value, d: &Described) -> bool {
    field["name"] == d.name.as_str()
        && field["type"] == words(d.kind)[1]
        && field["description"] == d.meaning[0].as_str()
        && field["description_zh"] == d.meaning[1].as_str()
        && field["null_means"].is_null() != d.may_be_empty
        && field["constraints"]["required"].as_bool().unwrap_or(false) == is_required(d.kind, d.may_be_empty)
}

#[cfg(test)]
mod tests {
    use crate::files::data_package::{About, Resource, csvt, descriptor};
    use crate::files::table::{integer, text};
    use crate::verify::opened::tests::{changed, faults_of};
    use serde_json::json;

    const DICTIONARY: &str =
        "file,column,type,meaning,meaning_zh,null_means\nt.csv,code,text,Code,代码,\nt.csv,n,integer,Number,数,none\n";

    #[test]
    fn types_and_fields_that_are_not_those_of_the_dictionary_are_found() {
        let columns = [text("code", "code", "Code", "代码"), integer("n", "n", "", "Number", "数").or_null("none")];
        let about = About { name: "x", title: "X", attribution: &[], has_bom: false };
        let package = descriptor(about, &[Resource { file: "t.csv", columns: &columns, bytes: 9, sha256: "ab" }]);
        let types = csvt(&columns);
        let files =
            [("dictionary.csv", DICTIONARY), ("t.csv", "code,n\n01,7\n"), ("t.csvt", &*types), ("datapackage.json", &*package)];
        let outputs = files.iter().map(|(name, _)| match *name {
            "t.csv" => json!({ "name": name, "bytes": 9, "sha256": "ab" }),
            _ => json!({ "name": name, "sha256": "cd" }),
        });
        let more = json!({ "outputs": outputs.collect::<Vec<_>>() });
        let faults = |change| faults_of(&changed(&files, change), more.clone(), super::check);
        assert_eq!(faults(("", "", "")), [""; 0]);
        for (file, from, to, want) in [
            ("t.csvt", "Integer64", "String", "t.csvt: its types are not those of the dictionary"),
            ("datapackage.json", "\"integer\"", "\"string\"", "datapackage.json: it does not say of t.csv"),
            ("datapackage.json", "sha256:ab", "sha256:ac", "datapackage.json: it does not say of t.csv"),
            ("datapackage.json", "\"bytes\": 9", "\"bytes\": 8", "datapackage.json: it does not say of t.csv"),
            ("datapackage.json", "Number", "Figure", "datapackage.json: it does not say of t.csv"),
            ("dictionary.csv", "数,none", "数,", "datapackage.json: it does not say of t.csv"),
            ("datapackage.json", "\"path\": \"t.csv\"", "\"path\": \"u.csv\"", "datapackage.json: it does not say of t.csv"),
        ] {
            let found = faults((file, from, to));
            assert!(found.first().is_some_and(|f| f.contains(want)), "{file} {to}: {found:?}");
        }
    }
}
