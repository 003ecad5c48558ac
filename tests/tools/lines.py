#!/usr/bin/env python3
"""Counts the code lines of src by room: no tests, no comments, no blank lines.

    tests/tools/lines.py            the working tree
    tests/tools/lines.py REV        the working tree beside a git revision, and the difference
    tests/tools/lines.py REV REV2   two revisions
    tests/tools/lines.py --self-test

What counts as test: everything behind #[cfg(test)] (modules, functions, uses), the files of modules that are declared so, and files
named tests.rs, *_tests.rs or fixture*.rs. The timing program (bench.rs) counts nowhere, since it only moved. The tree should be formatted
(`cargo fmt`) at both ends by the same rustfmt.toml.
"""
import io
import os
import re
import subprocess
import sys
import tarfile

NOT_COUNTED = re.compile(r"(^|/)(tests|[a-z0-9_]*_tests|fixture[a-z0-9_]*|bench)\.rs$|(^|/)tests/")
TEST_ITEM = re.compile(r"#\[cfg\((?:test|all\(test,[^\]]*\))\)\]")
TEST_MODULE = re.compile(
    r"#\[cfg\((?:test|all\(test,[^\]]*\))\)\]\s*(?:#\[[^\]]*\]\s*)*(?:pub(?:\([^)]*\))?\s+)?mod\s+(\w+)\s*;")
RAW = re.compile(r'(?:b|c)?r(#*)"')
CHARACTER = re.compile(r"'(?:\\.[^'\n]*|[^'\\\n])'")
ITEM = re.compile(r"\s*(?:pub(?:\([^)]*\))?\s+)?(?:mod|fn|use|impl|const|static|struct|enum|trait|type|async|unsafe|extern|let|macro_rules)\b")


def blanked(text):
    """(without comments, without comments and texts): of the same length, line breaks in place."""
    code, bare, i, n = [], [], 0, len(text)

    def put(end, keep):
        nonlocal i
        piece = text[i:end]
        gone = re.sub(r"[^\n]", " ", piece)
        code.append(piece if keep else gone)
        bare.append(gone)
        i = end

    while i < n:
        c = text[i]
        if text.startswith("//", i):
            end = text.find("\n", i)
            put(n if end < 0 else end, False)
        elif text.startswith("/*", i):
            depth, k = 1, i + 2
            while depth and k < n:
                step = {"/*": 1, "*/": -1}.get(text[k:k + 2], 0)
                depth, k = depth + step, k + (2 if step else 1)
            put(k, False)
        elif c == '"':
            k = i + 1
            while k < n and text[k] != '"':
                k += 2 if text[k] == "\\" else 1
            put(min(k + 1, n), True)
        elif c in "rbc" and not (i and (text[i - 1].isalnum() or text[i - 1] == "_")) and RAW.match(text, i):
            m = RAW.match(text, i)
            k = text.find('"' + m.group(1), m.end())
            put(n if k < 0 else k + 1 + len(m.group(1)), True)
        elif c == "'" and CHARACTER.match(text, i):
            put(CHARACTER.match(text, i).end(), True)
        else:
            code.append(c)
            bare.append(c)
            i += 1
    return "".join(code), "".join(bare)


def item_end(bare, i):
    """Where the item that begins at i ends: behind its `;`, or behind the brace that closes its body; a field, behind its comma."""
    depth, item = 0, ITEM.match(bare, i)
    while i < len(bare):
        c = bare[i]
        if c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
            if depth == 0 and c == "}":
                return re.compile(r"\s*[;,]?").match(bare, i + 1).end() if item else i + 1
            if depth < 0:
                return i  # the end of what it stands in
        elif depth == 0 and (c == ";" or c == "," and not item):
            return i + 1
        i += 1
    return len(bare)


def count(text):
    """Code lines of a file that are no test."""
    code, bare = blanked(text)
    if "#![cfg(test)]" in bare:
        return 0
    gone, at = [], 0
    while m := TEST_ITEM.search(bare, at):
        begin, i = m.start(), m.end()
        while other := re.compile(r"\s*#\[").match(bare, i):  # further attributes
            i = other.end() - 1
            depth = 0
            while i < len(bare):
                depth += {"[": 1, "]": -1}.get(bare[i], 0)
                i += 1
                if depth == 0:
                    break
        at = item_end(bare, i)
        gone.append((begin, at))
    for begin, end in reversed(gone):
        code = code[:begin] + re.sub(r"[^\n]", " ", code[begin:end]) + code[end:]
    return sum(1 for line in code.split("\n") if line.strip())


def tree(files):
    """Lines by room of {path under src: text}."""
    tests = set()
    for path, text in files.items():
        folder = os.path.dirname(path)
        if os.path.basename(path) not in ("mod.rs", "lib.rs", "main.rs"):
            folder = path[:-3]
        for name in TEST_MODULE.findall(blanked(text)[1]):
            tests.add(os.path.join(folder, name))
    rooms = {}
    for path, text in files.items():
        module = path[:-7] if path.endswith("/mod.rs") else path[:-3]
        if NOT_COUNTED.search(path) or any(module == t or module.startswith(t + "/") for t in tests):
            continue
        room = path.split("/")[0].removesuffix(".rs")
        rooms[room] = rooms.get(room, 0) + count(text)
    return rooms


def working_tree(root):
    files = {}
    for folder, _, names in os.walk(os.path.join(root, "src")):
        for name in names:
            if name.endswith(".rs"):
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8") as f:
                    files[os.path.relpath(path, os.path.join(root, "src")).replace(os.sep, "/")] = f.read()
    return files


def revision(root, rev):
    packed = subprocess.run(["git", "-C", root, "archive", rev, "src"], check=True, stdout=subprocess.PIPE).stdout
    files = {}
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        for member in tar:
            if member.isfile() and member.name.endswith(".rs"):
                files[member.name.removeprefix("src/")] = tar.extractfile(member).read().decode("utf-8")
    return files


def self_test():
    # four lines: fn f, the text that looks like a comment and its second line, the brace; the test module and function are none
    text = '''//! about
/* a /* nested */ comment */
fn f() {
    g("// no comment
      #[cfg(test)] {");
}

#[cfg(test)]
const ALL: &[u8; 2] = &[1, 2];
#[cfg(test)]
#[allow(dead_code)]
mod tests {
    fn t() { assert_eq!('{', '\\''); let r = r#"}"#; }
}
'''
    assert count(text) == 4, count(text)
    assert count("#[cfg(test)]\nuse a::{b, c};\nfn f<'a>(x: &'a u8) {} // y\n") == 1
    assert count("struct S {\n    a: u8,\n    #[cfg(test)]\n    b: u8,\n    c: u8,\n}\n") == 4
    assert count("let a = '\\'';\n// no\nlet b = '\"'; // no\nlet c = \"x\";\n") == 3
    assert count("#[cfg(not(test))]\nfn f() {}\n") == 2
    files = {
        "lib.rs": "pub mod a;\n",
        "a/mod.rs": "mod b;\n#[cfg(test)]\nmod oracle;\n#[cfg(test)]\npub(crate) mod fixture;\n",
        "a/b.rs": "fn f() {}\n#[cfg(test)]\nmod deep;\n",
        "a/b/deep.rs": "fn f() {}\n",
        "a/oracle.rs": "fn f() {}\n",
        "a/x_tests.rs": "fn f() {}\n",
        "cli/bench.rs": "fn f() {}\n",
        "run.rs": "fn f() {}\nfn g() {}\n",
    }
    assert tree(files) == {"lib": 1, "a": 2, "run": 2}, tree(files)
    print("lines.py: good")


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    if len(sys.argv) > 3 or any(a.startswith("-") for a in sys.argv[1:]):
        sys.exit(__doc__)
    old = tree(revision(root, sys.argv[1])) if len(sys.argv) > 1 else None
    new = tree(revision(root, sys.argv[2]) if len(sys.argv) > 2 else working_tree(root))
    rows = [(room, (old or {}).get(room, 0), new.get(room, 0)) for room in sorted(new.keys() | (old or {}).keys())]
    rows.append(("all", sum(r[1] for r in rows), sum(r[2] for r in rows)))
    for room, before, now in rows:
        print(f"{room:12} {now:7}" if old is None else f"{room:12} {before:7} {now:7} {now - before:+7}")


if __name__ == "__main__":
    main()
