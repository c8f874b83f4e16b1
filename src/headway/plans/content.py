"""The company's words and drafting rules: Headway's own file, changed by the company's where there is one."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from re import Match
from typing import Any

from django.utils.translation import gettext as _

from headway.core import templates
from headway.core.errors import BadInput
from headway.plans import content_check

OWN = Path(__file__).parent / "content"


@dataclass(frozen=True)
class PromiseTemplate:
    """Support that the company can promise for a gap; `role` gives it, `after_days` counts from the first day."""

    kind: str
    text: str
    role: str
    when: str
    after_days: int
    hours: float | None
    source: str


@dataclass(frozen=True)
class GapContent:
    """What the company knows about one kind of gap."""

    key: str
    name: str
    skill: str
    kind: str
    activity: str
    activity_text: str
    activity_target: float | None
    actions: tuple[tuple[str, str, str], ...]
    promises: tuple[PromiseTemplate, ...]


@dataclass(frozen=True)
class Measure:
    """Something people count together, with how; its version is the content's."""

    key: str
    name: str
    how: str
    unit: str


@dataclass(frozen=True)
class SellingMethod:
    """A way of selling that can be picked as support."""

    key: str
    name: str
    text: str
    hours: float
    gaps: tuple[str, ...]


@dataclass(frozen=True)
class LibraryEntry:
    """Something of the company's library that can be picked as support. due counts from the first day of a plan."""

    key: str
    kind: str
    name: str
    text: str
    role: str
    after_days: int
    hours: float | None
    gaps: tuple[str, ...]


@dataclass(frozen=True)
class Content:
    """All templates of one language, in the words of one kind of plan where that has its own.

    origins: the company's files, the last one first; a placeholder nobody knows is found in them by line.
    """

    language: str
    version: str
    tables: dict[str, Any]
    kind: str = ""
    origins: tuple[Path, ...] = ()

    def rule(self, name: str) -> float:
        """A number of the drafting rules."""
        return float(self.tables["rules"][name])

    def weight(self, kind: str) -> int:
        """Parts of 100 that a kind of goal weighs when all four are there."""
        return int(self.tables["weights"][kind])

    def days_for(self, gap_key: str) -> int:
        """How long a plan for this gap is before the sales cycle is looked at."""
        return int(self.tables["durations"].get(gap_key, self.tables["durations"]["general"]))

    def fill(self, entry: str, /, **values: object) -> str:
        """The words of `entry` ("text.purpose") with its placeholders filled in."""
        template = self.template(entry)
        return fill_in(template, entry=entry, values=values, origins=self.origins)

    def template(self, entry: str) -> str:
        """The words of `entry` as they stand in the file: those of the plan's kind where it has its own."""
        section, _sep, key = entry.partition(".")
        own = self.tables.get("kind", {}).get(self.kind, {}).get(section, {})
        try:
            return str(own[key] if key in own else self.tables[section][key])
        except KeyError:
            raise BadInput(_("The plan templates have no such entry"), value=entry) from None

    @property
    def kind_name(self) -> str:
        """What a plan of this kind is called; empty where the templates do not say."""
        return str(self.tables.get("kind", {}).get(self.kind, {}).get("name", ""))

    def name(self, key: str, usual: str) -> str:
        """What a figure, a part of the gap or an outside factor is called in this language."""
        return str(self.tables.get("name", {}).get(key, usual))

    def gap(self, key: str) -> GapContent:
        """What there is for a gap; for a merged step (`qualified_to_won`) that of its last known part, else the
        general one. `key` of the answer names the entry that was used."""
        known = key if key in self.tables["gap"] else _nearest(key, self.tables["gap"])
        data = self.tables["gap"][known]
        target = data.get("activity_target")
        return GapContent(
            key=known,
            name=data["name"] if known == key or known == "general" else _merged_name(key, self.tables["stage"]),
            skill=data["skill"],
            kind=data["kind"],
            activity=data["activity"],
            activity_text=data["activity_text"],
            activity_target=float(target) if target is not None else None,
            actions=tuple(
                (row["text"], row["when"], f"template: gap.{known}.actions.{i}")
                for i, row in enumerate(data["actions"], 1)
            ),
            promises=tuple(_promise(row, known, i) for i, row in enumerate(data["promises"], 1)),
        )

    def measure(self, key: str) -> Measure:
        """A thing counted by people."""
        data = self.tables["measure"][key]
        return Measure(key=key, name=data["name"], how=data["how"], unit=data["unit"])

    def has_measure(self, key: str) -> bool:
        """Whether `key` is counted by people."""
        return key in self.tables["measure"]

    def methods(self, gap_key: str | None = None) -> tuple[SellingMethod, ...]:
        """Selling methods, those that fit the gap first."""
        found = [
            SellingMethod(key, row["name"], row["text"], float(row["hours"]), tuple(row["gaps"]))
            for key, row in self.tables["method"].items()
        ]
        return tuple(sorted(found, key=lambda method: gap_key not in method.gaps))

    def library(self, gap_key: str | None = None) -> tuple[LibraryEntry, ...]:
        """What can be picked as support: selling methods and the library, what fits the gap first."""
        methods = [
            LibraryEntry(m.key, "method", m.name, m.text, "Enablement", 14, m.hours, m.gaps) for m in self.methods()
        ]
        listed = [_library_entry(key, row) for key, row in self.tables.get("library", {}).items()]
        return tuple(sorted([*listed, *methods], key=lambda entry: gap_key not in entry.gaps))


def _nearest(key: str, gaps: dict[str, Any]) -> str:
    """The entry that helps most with a merged step: where it ends, else where it begins."""
    before, _sep, after = key.partition("_to_")
    steps = [name for name in gaps if "_to_" in name]
    ends = [name for name in steps if after and name.endswith(f"_to_{after}")]
    begins = [name for name in steps if after and name.startswith(f"{before}_to_")]
    return next(iter([*ends, *begins]), "general")


def _merged_name(key: str, stages: dict[str, Any]) -> str:
    before, _sep, after = key.partition("_to_")
    return fill_in(
        str(stages["step"]),
        entry="stage.step",
        values={name: str(stages.get(rung, rung.replace("_", " "))) for name, rung in
                (("before", before), ("after", after))},
    )  # fmt: skip


def _promise(row: dict[str, Any], gap: str, number: int) -> PromiseTemplate:
    hours = row.get("hours")
    return PromiseTemplate(
        kind=row["kind"],
        text=row["text"],
        role=row["role"],
        when=row["when"],
        after_days=int(row["after_days"]),
        hours=float(hours) if hours is not None else None,
        source=f"template: gap.{gap}.promises.{number}",
    )


def _library_entry(key: str, row: dict[str, Any]) -> LibraryEntry:
    hours = row.get("hours")
    return LibraryEntry(
        key, str(row["kind"]), str(row["name"]), str(row["text"]), str(row["role"]), int(row["after_days"]),
        float(hours) if hours is not None else None, tuple(row.get("gaps", ())),
    )  # fmt: skip


def fill_in(template: str, *, entry: str, values: dict[str, object], origins: tuple[Path, ...] = ()) -> str:
    """Fill `{name}` placeholders. Only plain names are known, so a template can reach nothing else.

    Raises:
        BadInput: a placeholder nobody knows; names the file and the line where it stands in a company's own file.
    """

    def value_of(match: Match[str]) -> str:
        if match[1] not in values:
            raise BadInput(
                _("A plan template has a placeholder that is not known here"),
                value=_("%(placeholder)s in %(entry)s")
                % {"placeholder": match[0], "entry": _place(template, match[0], entry, origins)},
                todo=_("Use one of: %s.") % (", ".join(sorted(values)) or _("none")),
            )
        return str(values[match[1]])

    return content_check.PLACEHOLDER.sub(value_of, template)


def _place(template: str, placeholder: str, entry: str, origins: tuple[Path, ...]) -> str:
    """Where a placeholder stands: "plan.en.toml, line 7 (text.purpose)", or the entry where no file holds it."""
    begins = template.split(placeholder)[0].splitlines()[-1:] or [""]
    for path in origins:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if placeholder in line and begins[0][-20:] in line:
                return _("%(file)s, line %(line)s (%(entry)s)") % {"file": path.name, "line": number, "entry": entry}
    return entry


def load(language: str = "en", *, kind: str = "", folder: Path | None = None) -> Content:
    """The library in `language` (English where there is none), with the company's changes on top.

    Args:
        language: two letters, or a tag like "en-gb".
        kind: of plan ("growth", "success", "formal"); its own words win over the general ones.
        folder: where the company keeps its templates; `HEADWAY_HOME/templates` if None.

    Raises:
        BadInput: the company's file cannot be read, or has an entry or a placeholder nobody knows.
    """
    short = language.split("-")[0].lower()
    place = folder if folder is not None else templates.company_folder()
    own = place / f"plan.{short}.toml"
    stamp = own.stat().st_mtime_ns if own.exists() else 0
    tables, version = _loaded(short, place, stamp)
    origins = tuple(path for path in (own, OWN / f"plan.{short}.toml", OWN / "plan.en.toml") if path.exists())
    return Content(str(tables["meta"]["language"]), version, tables, str(kind), origins)


@lru_cache(maxsize=8)
def _loaded(language: str, folder: Path, stamp: int) -> tuple[dict[str, Any], str]:
    own = folder / f"plan.{language}.toml"
    if own.exists():
        known = templates.load("plan", own=OWN, language=language, folder=OWN)
        content_check.check(templates.read(own), known=known, path=own)
    tables = templates.load("plan", own=OWN, language=language, folder=folder)
    return tables, _version_of(tables)


LANGUAGES = tuple(sorted(path.name.split(".")[1] for path in OWN.glob("plan.*.toml")))
"""The languages in which Headway brings its own plan templates."""


def _version_of(tables: dict[str, Any]) -> str:
    """The named version and a short hash of every word, so that a company's change is a new version by itself."""
    words = json.dumps(tables, sort_keys=True, ensure_ascii=False)
    return f"{tables['meta']['version']}-{hashlib.sha256(words.encode()).hexdigest()[:6]}"
