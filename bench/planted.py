"""Two runs of a sprint in the product's own tables, of any size, without running a test; imports Django.

plant(100_000) ──> Planted(base, head)   vectors on the runs, a row a test, a row a failure, two markers

Names, vectors and failures are copied in; all else is made by the product's own actions. A twentieth of the
tests is broken, by an error for each FOR_ONE_ERROR of them.
"""

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.db import connection
from django.utils import timezone

from bench.samples import MODULE, some_run
from tracks import actions, signatures
from tracks.models import FailureSignature, FailureText, Project, Run, Shard, TestCase, TestSet, User
from tracks.models.run import COUNTERS
from tracks.statuses import Outcome, Phase, RunState, SetKind
from tracks.vectors import CODES, OutcomeVector, count_outcomes, pack_durations, pack_numbers, pack_outcomes

FOR_ONE_ERROR = 20
TRACEBACK = """    def price(coin):
>       return PRICES[coin]
E       KeyError: 'coin {}'

ledger/prices_{}.py:12: KeyError"""
SHAS = {"base": "a" * 40, "head": "b" * 40}


@dataclass(frozen=True)
class Planted:
    user: User
    base: Run
    head: Run

    @property
    def project(self) -> Project:
        return self.head.project


def plant(tests: int) -> Planted:
    now = timezone.now()
    user = actions.create_user(email=f"tess{tests}@example.org", name="Tess", password=None)
    project = actions.create_project(
        name=f"Of {tests}", repository="https://git.example.org/ledger.git", by=user, now=now
    )
    sprint = actions.create_sprint(project, name="Sprint 1", base_branch="main", by=user, now=now)
    track = actions.create_track(sprint, key="A", name="Data", branch="data", by=user)
    base = actions.start_baseline(sprint, sha=SHAS["base"], by=user, now=now)
    head = actions.start_track_run(track, sha=SHAS["head"], by=user, now=now)
    _copy(
        "tracks_testcase (project_id, number, node_id, digest)",
        ((project.pk, number, name, _digest(name)) for number, name in enumerate(map(_name, range(tests)))),
    )
    errors = errors_of(project, tests // FOR_ONE_ERROR // FOR_ONE_ERROR + 1)
    for seed, run in enumerate((base, head)):
        record(run, seed=seed, tests=tests, errors=errors)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Planted(user, *(Run.objects.select_related("project").get(pk=run.pk) for run in (base, head)))


def _name(number: int) -> str:
    module = number // MODULE
    return f"tests/part_{module % 40}/test_module_{module}.py::TestLedger::test_entry[{number}-EUR]"


def record(run: Run, *, seed: int, tests: int, errors: list[tuple[int, uuid.UUID]]) -> None:
    """Let the run have ended with some outcomes of all tests; others for another seed."""
    outcomes, durations = some_run(tests, seed=seed)
    outcomes[0] = CODES[Outcome.ABSENT]  # no test bears this number
    counts = count_outcomes(outcomes)
    state = {"state": RunState.FINISHED, "ended_at": timezone.now()}
    Shard.objects.filter(run=run).update(**state, order=pack_numbers(np.flatnonzero(outcomes).tolist()))
    Run.objects.filter(pk=run.pk).update(
        **state,
        balanced=True,
        collected=sum(counts.values()),
        **{COUNTERS[outcome]: count for outcome, count in counts.items()},
        outcomes=pack_outcomes(outcomes),
        durations=pack_durations(durations),
        signed=signatures.scheme([]),
        environment={"python": "3.12.1", "root": "/w"},
    )
    _fail(run, outcomes, errors, seed=seed)
    for marker, step in (("slow", 10), ("network", 50)):
        numbers = np.flatnonzero(outcomes)[::step]
        TestSet.objects.create(
            run=run, kind=SetKind.MARKER, name=marker, tests=pack_numbers(numbers.tolist())
        )


def _fail(run: Run, outcomes: OutcomeVector, errors: list[tuple[int, uuid.UUID]], *, seed: int) -> None:
    """A row for each broken test. A tenth breaks by another error than in the other run."""
    rng = np.random.default_rng(seed)
    broken = np.flatnonzero((outcomes == CODES[Outcome.FAILED]) | (outcomes == CODES[Outcome.ERROR]))
    keys = dict(TestCase.objects.filter(project=run.project).values_list("number", "pk"))
    rows = []
    for number, moved in zip(broken.tolist(), (rng.random(broken.size) < 0.1).tolist(), strict=True):
        signature, text = errors[(number // FOR_ONE_ERROR + moved) % len(errors)]
        rows.append(
            (run.pk, keys[number], "failed", Phase.CALL.value, "KeyError: 'coin'", signature, text, "", "")
        )
    _copy(
        "tracks_failure (run_id, test_id, outcome, phase, message, signature_id, text_id, fixture, "
        "fixture_scope)",
        rows,
    )


def errors_of(project: Project, count: int) -> list[tuple[int, uuid.UUID]]:
    """The primary keys of so many signatures and their texts."""
    made = []
    for number in range(count):
        text = TRACEBACK.format(number, number)
        signed = signatures.sign(text, "KeyError: 'coin'", root="/w", masks=[])
        signature, _ = FailureSignature.objects.get_or_create(
            project=project,
            version=signed.version,
            digest=signed.digest,
            defaults={"exception": signed.exception, "title": signed.title, "frame": signed.frame},
        )
        FailureText.objects.get_or_create(digest=_digest(text), defaults={"text": text})
        made.append((signature.pk, _digest(text)))
    return made


def _copy(table: str, rows: Iterable[tuple[object, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _digest(text: str) -> uuid.UUID:
    return uuid.UUID(bytes=hashlib.md5(text.encode(), usedforsecurity=False).digest())
