//! One word for one thing in Chinese: every text of pages, maps, tables and messages is held against the list of terms in `maps/terms.toml`.

use std::fs;
use std::path::{Path, PathBuf};

fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            all.extend(files(&path, endings));
        } else if endings.iter().any(|e| path.extension().is_some_and(|x| x == *e)) {
            all.push(path);
        }
    }
    all.sort();
    all
}

#[test]
fn every_text_says_a_thing_by_its_term() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list: toml::Table = toml::from_str(&fs::read_to_string(root.join("maps/terms.toml")).unwrap()).unwrap();
    let terms = list["term"].as_array().unwrap();
    let text = |v: &toml::Value, key: &str| v[key].as_str().unwrap().to_owned();
    let known: Vec<String> = terms.iter().map(|t| text(t, "zh")).collect();
    for t in terms {
        let (zh, source) = (text(t, "zh"), text(t, "source"));
        assert!(!source.is_empty() && known.iter().filter(|k| **k == zh).count() == 1, "{zh}");
    }
    let mut places = files(&root.join("maps"), &["toml", "txt", "j2", "js"]);
    places.retain(|p| !p.ends_with("maps/terms.toml") && !p.to_string_lossy().contains("vendor"));
    for folder in ["page", "cli", "tables", "results", "office", "rank", "plan", "coverage"] {
        places.extend(files(&root.join("src").join(folder), &["rs"]));
    }
    assert!(places.len() > 100, "{}", places.len());
    let mut wrong = Vec::new();
    for place in &places {
        let whole = fs::read_to_string(place).unwrap();
        for t in terms {
            for other in t.get("not").and_then(|n| n.as_array()).into_iter().flatten().filter_map(|n| n.as_str()) {
                if whole.contains(other) {
                    wrong.push(format!("{}: {other}, where {} is the term", place.display(), text(t, "zh")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // a term that no text uses is no term of ours
    let all: String = places.iter().map(|p| fs::read_to_string(p).unwrap()).collect();
    let idle: Vec<&String> = known.iter().filter(|zh| !all.contains(zh.as_str())).collect();
    assert!(idle.is_empty(), "{idle:?}");
}
