"""What a command reads before it does anything: the engines wait until they are asked for."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils.module_loading import import_string

from tests.cli.test_main import ROOT

ENGINES = ("numpy", "scipy", "statsmodels", "pyarrow", "duckdb", "ibis", "pandas", "typst", "docx", "icalendar")
RUN = f"""
import sys
from headway.cli.main import main
sys.argv[0] = "headway"
try:
    main()
finally:
    print([name for name in {ENGINES} if name in sys.modules], file=sys.stderr)
"""


@pytest.mark.parametrize("words", [["--help"], ["load", "--help"], ["people"], ["company", "--json"]])
def test_a_command_that_asks_no_engine_reads_none(tmp_path: Path, words: list[str]) -> None:
    env = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    env |= {"HEADWAY_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", RUN, *words], env=env, capture_output=True, text=True, check=True)
    assert done.stdout
    assert done.stderr.strip().splitlines()[-1] == "[]"


def test_every_function_that_listens_by_its_name_is_there() -> None:
    found = [
        path
        for file in (ROOT / "src" / "headway").rglob("*.py")
        for path in re.findall(r'Named\(\s*"([^"]+)"', file.read_text())
    ]
    assert len(found) >= 10
    assert all(callable(import_string(path)) for path in found), found
