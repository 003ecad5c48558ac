//! What README.md walks through: a round with a fault, its acceptance and the comparison with the next round. The commands run as they are
//! written, and say what is written under them.

use crate::toy::{chargegap, root};
use std::fs;

/// Blocks of a kind that stand in a part of README.md, each as its lines.
fn blocks(part: &str, kind: &str) -> Vec<Vec<String>> {
    let head = format!("```{kind}\n");
    let all = part.split(&head).skip(1).map(|rest| rest.split("\n```").next().unwrap_or_default());
    all.map(|block| block.lines().map(str::to_owned).collect()).collect()
}

#[test]
fn the_round_of_the_readme_runs_as_written() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let part = readme.split("A round with a fault is not finished").nth(1).unwrap().split("The national drill").next().unwrap();
    let dir = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(root().join("datasets"), dir.path().join("datasets")).unwrap();
    let commands: Vec<String> = blocks(part, "sh").into_iter().flatten().collect();
    assert_eq!(commands.len(), 5, "{commands:?}");
    let mut said = String::new();
    for (i, command) in commands.iter().enumerate() {
        let words: Vec<&str> = command.split_whitespace().skip(1).collect();
        let done = chargegap().current_dir(dir.path()).args(&words).output().unwrap();
        let text = [done.stdout, done.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        // the first finds the fault
        assert_eq!(done.status.code(), Some(i32::from(i == 0)), "{command}: {text}");
        said += &text;
    }
    let told: Vec<String> = blocks(part, "text").into_iter().flatten().collect();
    assert!(told.len() > 20, "{told:?}");
    for line in told {
        let line = line.trim_end_matches('…').trim_end();
        assert!(said.contains(line), "README says {line:?}, and the commands say:\n{said}");
    }
    assert!(fs::read_to_string(dir.path().join("out/why-2027/diff.html")).unwrap().contains("Wang Wei"));
}

#[test]
fn the_plan_of_the_readme_runs_as_written() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let part = readme.split("## Where to build").nth(1).unwrap().split("\n## ").next().unwrap();
    let dir = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(root().join("datasets"), dir.path().join("datasets")).unwrap();
    let commands: Vec<String> = blocks(part, "sh").into_iter().flatten().collect();
    assert_eq!(commands.len(), 2, "{commands:?}");
    let run = |command: &String| {
        let words: Vec<&str> = command.split_whitespace().skip(1).collect();
        let done = chargegap().current_dir(dir.path()).args(&words).output().unwrap();
        let text = [done.stdout, done.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        assert_eq!(done.status.code(), Some(0), "{command}: {text}");
        text
    };
    let said: String = commands.iter().map(run).collect();
    let told: Vec<String> = blocks(part, "text").into_iter().flatten().filter(|line| line != "…").collect();
    assert_eq!(told.len(), 3, "{told:?}");
    for line in told {
        assert!(said.contains(&line), "README says {line:?}, and the commands say:\n{said}");
    }
}
