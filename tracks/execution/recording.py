"""What makes the pytest of a run's test command load the recorder: one folder, variables, two files.

tools/recorder/omc_qa_recorder/       alone on PYTHONPATH, named by PYTEST_PLUGINS
tools/selection.json, share.json      OMC_QA_SELECTION, OMC_QA_SHARE: which tests to run, if not all
events.jsonl                          OMC_QA_RECORD: it writes, ``tail`` reads
now.json                              OMC_QA_NOW: the test that runs now; it writes, ``progress`` reads
"""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from tracks.execution import workspace
from tracks.execution.sandbox import Jail, Mount
from tracks.execution.spec import RunSpec
from tracks.execution.workspace import Folders

RECORDER = "omc_qa_recorder"
NOT_SOURCE = shutil.ignore_patterns("__pycache__")


def mounts(folders: Folders, jail: Jail) -> list[Mount]:
    """The files that the recorder writes into; they exist already, opened by those who read them."""
    for file in (folders.record, folders.now):
        workspace.give(file, jail)
    return [_record(folders), _now(folders)]


def variables(spec: RunSpec, folders: Folders, jail: Jail) -> dict[str, str]:
    """Of the test command alone; puts the recorder and what it has to know into the run's folder."""
    alone = folders.tools / "recorder"
    alone.mkdir()
    shutil.copytree(Path(__file__).with_name("recorder"), alone / RECORDER, ignore=NOT_SOURCE)
    seen = jail.seen(Mount(alone, "/omc-qa/tools/recorder"))
    return {
        "OMC_QA_RECORD": jail.seen(_record(folders)),
        "OMC_QA_NOW": jail.seen(_now(folders)),
        "PYTHONPATH": os.pathsep.join(filter(None, (seen, spec.env.get("PYTHONPATH")))),
        "PYTEST_PLUGINS": ",".join(filter(None, (spec.env.get("PYTEST_PLUGINS"), RECORDER))),
        **dict(_choices(spec, folders, jail)),
    }


def select(folders: Folders, tests: Sequence[str]) -> None:
    """From now on a session of a run with a selection runs these tests."""
    _write(folders, "selection", list(tests))


def _choices(spec: RunSpec, folders: Folders, jail: Jail) -> Iterator[tuple[str, str]]:
    chosen = {"selection": list(spec.selection), "share": asdict(spec.share) if spec.share else None}
    for name, choice in chosen.items():
        if choice:
            file = Mount(_write(folders, name, choice), f"/omc-qa/tools/{name}.json")
            yield f"OMC_QA_{name.upper()}", jail.seen(file)


def _write(folders: Folders, name: str, choice: object) -> Path:
    file = folders.tools / f"{name}.json"
    file.write_text(json.dumps(choice), encoding="utf-8")
    return file


def _record(folders: Folders) -> Mount:
    return Mount(folders.record, "/omc-qa/events.jsonl", writable=True)


def _now(folders: Folders) -> Mount:
    return Mount(folders.now, "/omc-qa/now.json", writable=True)
