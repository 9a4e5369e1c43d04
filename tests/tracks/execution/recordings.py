"""Real pytest sessions with the recorder, and what it wrote of them."""

import json
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import tracks.execution

SOURCE = Path(tracks.execution.__file__).with_name("recorder")
Record = Callable[..., "Recorded"]


XDIST = ("-p", "xdist", "-n2")
ONE_PROCESS_OR_TWO = pytest.mark.parametrize("arguments", [(), XDIST], ids=["alone", "xdist"])


class Recorded:
    def __init__(self, lines: list[dict[str, Any]], exit_code: int, output: str) -> None:
        self.lines = lines
        self.exit_code = exit_code
        self.output = output
        self.tests = {line["id"]: line for line in self.of("test")}
        self.outcomes = {line["id"].rpartition("::")[2]: line["o"] for line in self.of("test")}
        self.collected = [test for line in self.of("collected") for test in line["ids"]]
        self.end = next(iter(self.of("end")), None)

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["e"] == kind]

    def assert_balanced(self) -> None:
        reported = [line["id"] for line in self.of("test")]
        assert len(reported) == len(set(reported)), "a test is told exactly once"
        assert sorted(reported) == sorted(self.collected)
        assert self.end
        assert self.end["collected"] == self.end["reported"] == len(reported)
        assert self.end["exit"] == self.exit_code


@pytest.fixture
def record(tmp_path: Path) -> Record:
    def recorded(files: dict[str, str] | str, *arguments: str, **env: str) -> Recorded:
        tools, work = tmp_path / "tools", tmp_path / "work"
        out, now = tmp_path / "events.jsonl", tmp_path / "now"
        shutil.rmtree(work, ignore_errors=True)
        for folder in (tools, work):
            folder.mkdir(exist_ok=True)
        shutil.copytree(SOURCE, tools / "omc_qa_recorder", dirs_exist_ok=True)
        out.write_text("")
        now.write_text("")
        for name, text in ({"test_it.py": files} if isinstance(files, str) else files).items():
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            (work / name).write_text(textwrap.dedent(text))
        variables = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(tools),
            "PYTEST_PLUGINS": "omc_qa_recorder",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "OMC_QA_RECORD": str(out),
            "OMC_QA_NOW": str(now),
        }
        done = subprocess.run(
            (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments),
            cwd=work,
            env=variables | env,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=60,
        )
        lines = [json.loads(line) for line in out.read_text().splitlines()]
        return Recorded(lines, done.returncode, done.stdout + done.stderr)

    return recorded
