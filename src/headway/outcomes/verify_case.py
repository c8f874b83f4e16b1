"""Checks a Headway case file without Headway: `python3 verify.py` inside the unpacked folder, or with a ZIP's name.

Needs nothing but Python 3.9 or newer. Exit code 0: everything fits together; 1: something does not, and what.
"""

import hashlib
import json
import sys
import zipfile
from pathlib import Path


def read_all(where: Path) -> "dict[str, bytes]":
    """Every file of an unpacked folder, or of the ZIP itself, by its name inside."""
    if where.is_dir():
        return {str(p.relative_to(where)).replace("\\", "/"): p.read_bytes() for p in where.rglob("*") if p.is_file()}
    with zipfile.ZipFile(where) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        return {name.split("/", 1)[1] if "/" in name else name: archive.read(name) for name in names}


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def check_files(files: "dict[str, bytes]") -> "list[str]":
    """Every file is the one that the list names; none is missing, none was added."""
    listed = json.loads(files["manifest.json"])["files"]
    wrong = [f"{name}: missing" for name in listed if name not in files]
    wrong += [f"{name}: changed" for name, seal in listed.items() if name in files and sha256(files[name]) != seal]
    ours = {"manifest.json"}
    wrong += [f"{name}: not on the list" for name in files if name not in listed and name not in ours]
    return wrong


def check_versions(files: "dict[str, bytes]") -> "list[str]":
    """Every version is the text its hash was taken of, and every signature names a version that is here."""
    wrong, seals = [], set()
    for version in json.loads(files["plan/versions.json"]):
        seals.add(version["content_hash"])
        if sha256(files[version["file"]]) != version["content_hash"]:
            wrong.append(f"{version['file']}: not the text that was kept")
    for signature in json.loads(files["plan/signatures.json"]):
        if signature["content_hash"] not in seals:
            wrong.append(f"signature of {signature['name']}: stands under a text that is not here")
    return wrong


def check_outcomes(files: "dict[str, bytes]") -> "list[str]":
    """Every outcome rests on the figures that its last step was taken under."""
    wrong = []
    for outcome in json.loads(files["outcome/outcomes.json"]):
        if sha256(files[outcome["file"]]) != outcome["prepared_hash"]:
            wrong.append(f"{outcome['file']}: not what was prepared")
        if outcome["steps"] and outcome["steps"][-1]["prepared_hash"] != outcome["prepared_hash"]:
            wrong.append(f"{outcome['file']}: the last step was taken under other figures")
    return wrong


def check_record(files: "dict[str, bytes]") -> "list[str]":
    """Every line of the record carries the seal of its own content; neighbours carry each other's."""
    wrong, before = [], None
    for line in json.loads(files["record.json"]):
        content = {key: line[key] for key in ("actor", "name", "role", "event", "person", "object", "detail")}
        body = json.dumps({"at": line["at"], **content}, sort_keys=True, ensure_ascii=False)
        if sha256(f"{line['previous']}\n{body}".encode()) != line["digest"]:
            wrong.append(f"record line {line['number']}: its content was changed")
        if before and before["number"] + 1 == line["number"] and before["digest"] != line["previous"]:
            wrong.append(f"record line {line['number']}: does not follow line {before['number']}")
        before = line
    return wrong


def main(given: "list[str]") -> int:
    """Check and say what was found."""
    where = Path(given[0]) if given else Path(__file__).resolve().parent
    files = read_all(where)
    try:
        wrong = check_files(files)
        wrong = wrong or check_versions(files) + check_outcomes(files) + check_record(files)
    except (KeyError, ValueError) as error:
        wrong = [f"something is missing or cannot be read: {error}"]
    for line in wrong:
        sys.stdout.write(f"WRONG  {line}\n")
    if not wrong:
        sys.stdout.write(f"OK  {len(files)} files, every hash fits\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
