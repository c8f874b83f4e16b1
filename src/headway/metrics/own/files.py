"""Metrics a company writes in Python: files in the folder `metrics` of the home, each with a list `METRICS`.

```python
from headway.metrics.own.recipe import Condition, Recipe, Shape, Things

METRICS = [
    Recipe("demo_no_show_rate", "Demo no-show rate", "Share of booked demos to which the customer did not come.",
           Things.ACTIVITIES, Shape.SHARE,
           of=(Condition("kind", ("demo",)),), only=(Condition("outcome", ("no_show",)),)),
]
```

A file may also give a whole `MetricSpec` whose rows are an Ibis expression of its own. A file is code that runs with
the rights of Headway: whoever may write into the home may do that anyway.
"""

from __future__ import annotations

import hashlib
import importlib.util
import subprocess
import sys
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any

from django.utils.translation import gettext as _

from headway.core.errors import BadInput
from headway.core.home_folder import home
from headway.metrics.own.recipe import Recipe, check
from headway.metrics.own.rows import FAMILY, spec_of
from headway.metrics.spec import Kind, Measure, MetricSpec

TRIAL_SECONDS = 20


def folder() -> Path:
    """Where a company's metric files lie."""
    return home() / "metrics"


def file_specs() -> tuple[MetricSpec, ...]:
    """The metrics of all files, in the order of the files' names.

    Raises:
        BadInput: a file cannot be used; names file and reason. Nothing of any file is taken then.
    """
    files = sorted(folder().glob("*.py")) if folder().is_dir() else []
    return tuple(spec for file in files for spec in _specs_in(file, _stamp(file)))


def _stamp(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise BadInput(_("The metric file cannot be read"), value=str(file), todo=_("Check its rights.")) from error


@lru_cache(maxsize=64)
def _specs_in(file: Path, stamp: str) -> tuple[MetricSpec, ...]:
    _try_out(file, stamp)
    module = _load(file, stamp)
    metrics = getattr(module, "METRICS", None)
    if not isinstance(metrics, (list, tuple)):
        raise BadInput(_("The metric file has no list METRICS"), value=file.name, todo=_("Write METRICS = [ … ]."))
    return tuple(_spec(metric, file) for metric in metrics)


def _try_out(file: Path, stamp: str) -> None:
    """Read the file once in a process of its own, so that one that never ends cannot hold up anything."""
    proof = home() / "compiled" / f"own-{stamp[:32]}.ok"
    if proof.exists():
        return
    code = "import runpy, sys; sys.path[:0] = sys.argv[2:]; runpy.run_path(sys.argv[1])"
    try:
        done = subprocess.run(
            [sys.executable, "-c", code, str(file), *sys.path],
            capture_output=True, text=True, timeout=TRIAL_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        what = _("The metric file did not come to an end within %s seconds") % TRIAL_SECONDS
        raise BadInput(what, value=file.name, todo=_("Look for a loop in it.")) from error
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or [""])[-1]
        raise BadInput(_("The metric file cannot be used"), value=file.name, todo=_("Python says: %s") % last)
    proof.parent.mkdir(parents=True, exist_ok=True)
    proof.touch()


def _load(file: Path, stamp: str) -> ModuleType:
    # The name carries the content: what was compiled from another version of the file is never taken for this one.
    spec = importlib.util.spec_from_file_location(f"headway_own_{file.stem}_{stamp[:16]}", file)
    if spec is None or spec.loader is None:
        raise BadInput(_("The metric file cannot be used"), value=file.name)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # a company's file may raise anything; the person gets the sentence
        raise BadInput(_("The metric file cannot be used"), value=file.name, todo=str(error)) from error
    return module


def _spec(metric: object, file: Path) -> MetricSpec:
    if isinstance(metric, Recipe):
        check(metric)
        return spec_of(metric)
    if isinstance(metric, MetricSpec):
        _check_named(metric.numerator, metric.key)
        if metric.denominator is not None:
            _check_named(metric.denominator, metric.key)
        if metric.kind is Kind.MEDIAN:
            todo = _("Use an average or a share.")
            raise BadInput(_("A metric file cannot define medians"), value=metric.key, todo=todo)
        return replace(metric, family=FAMILY)
    raise BadInput(_("METRICS holds something that is no metric"), value=f"{file.name}: {metric!r}"[:120])


def _check_named(measure: Measure, key: str) -> None:
    """Queries are remembered by the names of the functions they are made of."""
    for part in (measure.rows, measure.only, measure.x, measure.foreign):
        inner: Any = part.func if isinstance(part, partial) else part
        if inner is not None and "<lambda>" in getattr(inner, "__qualname__", ""):
            raise BadInput(
                _("A metric's rows need a function with a name"), value=key, todo=_("Write def instead of lambda.")
            )
