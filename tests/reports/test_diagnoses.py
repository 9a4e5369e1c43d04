"""Diagnoses, step by step: which runs are started, what ends them, and what survives a worker's death."""

import pytest

from reports import actions
from reports.models import Diagnosis, DiagnosisStep
from reports.statuses import DiagnosisKind, DiagnosisState, StepPart
from tests import factories
from tests.factories import NOON
from tracks.actions import cancel
from tracks.errors import InvalidInput
from tracks.execution.spec import RunSpec
from tracks.models import Failure, FailureSignature, Run
from tracks.statuses import RunKind, RunState

pytestmark = pytest.mark.django_db
STABILITY, CULPRIT = DiagnosisKind.STABILITY, DiagnosisKind.CULPRIT
BEFORE = {"a.py::one": "passed", "a.py::two": "passed", "a.py::three": "passed"}
AFTER = {"a.py::one": "failed", "a.py::two": "passed", "a.py::three": "error"}
BROKEN = ("a.py::one", "a.py::three")


@pytest.fixture(autouse=True)
def _announce_at_once(monkeypatch):
    """The end of a run is announced on commit, which a test's transaction never reaches."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda callback, **_: callback())
    monkeypatch.setattr("tracks.doorbell.ring", lambda *_, **__: None)


@pytest.fixture
def runs():
    sprint = factories.create_sprint()
    base = factories.create_baseline(sprint=sprint, results=BEFORE)
    return base, factories.create_run(track=factories.create_track(sprint=sprint), results=AFTER)


def with_commits(run: Run, number: int) -> Run:
    """As if the run's branch had so many commits beyond its merge base, the last one its own."""
    shas = [factories.sha() for _ in range(number)]
    run.merge_base, lines = shas[0], [*shas[1:], run.sha]
    run.commits = [
        {"sha": sha, "parents": [parent], "subject": f"Change {place}", "author": "Dev", "date": "2026-11-23"}
        for place, (parent, sha) in enumerate(zip([run.merge_base, *lines], lines, strict=False))
    ][::-1]
    run.save()
    return run


def start(kind: DiagnosisKind, runs) -> Diagnosis:
    return actions.start_diagnosis(kind, actions.kept_comparison(*runs), by=runs[1].requested_by, now=NOON)


def asked(diagnosis: Diagnosis) -> list[tuple[DiagnosisStep, RunSpec]]:
    """The runs of it that wait, and what each is to run."""
    steps = diagnosis.steps.filter(run__state=RunState.QUEUED).select_related("run").order_by("pk")
    return [(step, RunSpec.from_json(step.run.spec)) for step in steps]


def answer(diagnosis: Diagnosis, *, broken: dict[str, tuple[str, ...]]) -> None:
    """Let each run that waits show those tests as failed, by its part, and the others as passed."""
    for step, spec in asked(diagnosis):
        failing = broken.get(step.part, ())
        factories.play(step.run, results={t: "failed" if t in failing else "passed" for t in spec.selection})


def finished(diagnosis: Diagnosis, **broken: tuple[str, ...]) -> Diagnosis:
    for _ in range(40):
        if not asked(diagnosis):
            break
        answer(diagnosis, broken=broken)
    diagnosis.refresh_from_db()
    return diagnosis


def test_the_newly_broken_tests_are_run_by_themselves_at_both_commits(runs):
    diagnosis = start(STABILITY, runs)
    (head, head_spec), (base, base_spec) = asked(diagnosis)
    assert (head.part, base.part) == (StepPart.HEAD, StepPart.BASE)
    assert (head.run.sha, base.run.sha) == (runs[1].sha, runs[0].sha)
    assert head_spec.selection == base_spec.selection == BROKEN
    assert head_spec.fresh
    assert base_spec.fresh
    assert {head.run.kind, base.run.kind} == {RunKind.SELECTION}
    assert head_spec.test == RunSpec.from_json(runs[1].spec).test, "as the run was, whatever the settings are"


def test_three_rounds_that_agree_are_a_verdict_with_its_counts(runs):
    diagnosis = finished(start(STABILITY, runs), head=BROKEN)
    assert diagnosis.state == DiagnosisState.DONE
    assert diagnosis.ended_at
    assert diagnosis.steps.count() == 6
    assert {verdict["sentence"] for verdict in diagnosis.verdicts} == {
        "Fails 3 of 3 at the head, 0 of 3 at the base."
    }


def test_a_test_that_passes_by_itself_is_run_after_those_that_ran_before_it(runs):
    diagnosis = start(STABILITY, runs)
    for _ in range(3):
        answer(diagnosis, broken={"head": ("a.py::one",)})
    ((step, spec),) = asked(diagnosis)
    assert step.part == StepPart.ORDER
    assert spec.selection == ("a.py::one", "a.py::two", "a.py::three")
    assert not spec.fresh


@pytest.mark.parametrize("kind", [STABILITY, CULPRIT])
def test_without_a_newly_broken_test_there_is_nothing_to_run_again(kind):
    sprint = factories.create_sprint()
    base = factories.create_baseline(sprint=sprint, passed=2)
    head = factories.create_run(track=factories.create_track(sprint=sprint), passed=2)
    with pytest.raises(InvalidInput, match="No test is newly broken"):
        start(kind, (base, head))


def test_a_run_of_some_tests_is_not_diagnosed_itself(runs):
    diagnosis = start(STABILITY, runs)
    part = factories.play(diagnosis.steps.first().run, results=dict.fromkeys(BROKEN, "failed"))
    with pytest.raises(InvalidInput, match="some tests only"):
        start(STABILITY, (runs[0], part))


def test_who_asks_twice_is_led_to_the_one_that_goes_on(runs):
    assert start(STABILITY, runs) == start(STABILITY, runs)
    assert DiagnosisStep.objects.count() == 2


def test_of_many_newly_broken_tests_some_of_each_error_are_run(monkeypatch):
    monkeypatch.setattr("reports.actions.diagnoses.MOST_TESTS", {STABILITY: 3})
    sprint = factories.create_sprint()
    names = [f"a.py::t{number}" for number in range(6)]
    base = factories.create_baseline(sprint=sprint, results=dict.fromkeys(names, "passed"))
    head = factories.start_run(track=factories.create_track(sprint=sprint))
    rare = {"a.py::t4": "failed"}
    play_with_errors(head, dict.fromkeys(names, "failed"), rare)
    diagnosis = start(STABILITY, (base, head))
    ((_, spec), _) = asked(diagnosis)
    assert spec.selection == ("a.py::t0", "a.py::t1", "a.py::t4")
    assert diagnosis.left_out == 3


def play_with_errors(run: Run, results: dict[str, str], rare: dict[str, str]) -> None:
    """Let all tests fail with one error, the rare ones with another."""
    factories.play(run, results=results)
    failure = Failure.objects.filter(run=run).select_related("signature").first()
    other = FailureSignature.objects.create(
        project=run.project, version=failure.signature.version, digest="f" * 16, exception="E", title="E"
    )
    Failure.objects.filter(run=run, test__node_id__in=rare).update(signature=other)
    run.refresh_from_db()


def test_who_cancels_a_run_of_it_stops_it(runs):
    diagnosis = start(STABILITY, runs)
    first, second = (step.run for step, _ in asked(diagnosis))
    cancel(first, by=runs[1].requested_by, now=NOON)
    factories.play(second, results=dict.fromkeys(BROKEN, "passed"))
    diagnosis.refresh_from_db()
    assert (diagnosis.state, diagnosis.note) == (
        DiagnosisState.STOPPED,
        f"Run {first.pk} of it was cancelled.",
    )


def test_stopping_it_cancels_its_runs_and_starts_no_more(runs):
    diagnosis = start(STABILITY, runs)
    actions.stop_diagnosis(diagnosis, by=runs[1].requested_by, now=NOON)
    diagnosis.refresh_from_db()
    assert diagnosis.state == DiagnosisState.STOPPED
    assert set(Run.objects.filter(step__diagnosis=diagnosis).values_list("state", flat=True)) == {"cancelled"}
    assert diagnosis.steps.count() == 2


def test_a_step_that_its_worker_died_over_is_taken_by_the_next_repair(runs, monkeypatch):
    diagnosis = start(STABILITY, runs)
    with monkeypatch.context() as death:
        death.setattr("reports.actions.advance", lambda *_, **__: None)
        answer(diagnosis, broken={"head": BROKEN})
    assert not asked(diagnosis)
    actions.advance_due(now=NOON)
    assert len(asked(diagnosis)) == 2
    actions.advance_due(now=NOON)
    assert len(asked(diagnosis)) == 2, "what goes on is left alone"


def test_a_side_that_cannot_be_run_is_the_environments_doing(runs):
    diagnosis = start(STABILITY, runs)
    for _ in range(3):
        for step, spec in asked(diagnosis):
            if step.part == StepPart.BASE:
                Run.objects.filter(pk=step.run_id).update(
                    state=RunState.BROKEN, reason="The set-up command failed.", ended_at=NOON
                )
            else:
                factories.play(step.run, results=dict.fromkeys(spec.selection, "failed"))
        actions.advance(diagnosis.pk, now=NOON)
    diagnosis.refresh_from_db()
    assert {verdict["kind"] for verdict in diagnosis.verdicts} == {"environment"}
    assert "Could not be run at the base: The set-up command failed." in diagnosis.verdicts[0]["sentence"]


def verdicts_of(diagnosis: Diagnosis) -> dict[int, tuple[str, str]]:
    diagnosis.refresh_from_db()
    return {each["test"]: (each["kind"], each["sentence"]) for each in diagnosis.verdicts}


def test_a_test_before_which_none_ran_is_flaky_if_it_passes_by_itself(runs):
    diagnosis = start(STABILITY, runs)
    for _ in range(3):
        answer(diagnosis, broken={"head": ("a.py::three",)})
    kind, sentence = verdicts_of(diagnosis)[1]
    assert (kind, diagnosis.state) == ("flaky", DiagnosisState.DONE)
    assert "where no test had run before it" in sentence


def test_an_order_that_could_not_be_repeated_is_no_verdict(runs):
    diagnosis = start(STABILITY, runs)
    for _ in range(3):
        answer(diagnosis, broken={"head": ("a.py::one",)})
    ((step, _),) = asked(diagnosis)
    Run.objects.filter(pk=step.run_id).update(
        state=RunState.LOST, reason="Its worker went away.", ended_at=NOON
    )
    actions.advance(diagnosis.pk, now=NOON)
    kind, sentence = verdicts_of(diagnosis)[3]
    assert kind == "undecided"
    assert (
        f"run {step.run_id}, which was to repeat the order, says nothing (Its worker went away)" in sentence
    )


def test_where_the_order_is_not_known_nothing_is_said_of_it(runs):
    runs[1].shards.update(xdist={"gw0": 2, "gw1": 1})
    diagnosis = start(STABILITY, runs)
    for _ in range(3):
        answer(diagnosis, broken={})
    assert {kind for kind, _ in verdicts_of(diagnosis).values()} == {"undecided"}


def test_of_many_that_may_depend_on_their_order_some_are_searched_and_the_others_say_so(runs, monkeypatch):
    monkeypatch.setattr("reports.actions.diagnoses.MOST_ORDERS", 0)
    diagnosis = start(STABILITY, runs)
    for _ in range(3):
        answer(diagnosis, broken={})
    assert "it is not among them" in verdicts_of(diagnosis)[3][1]


def test_one_run_that_fails_takes_nothing_from_what_the_others_showed(runs):
    diagnosis = start(STABILITY, runs)
    for round_ in range(3):
        for step, spec in asked(diagnosis):
            if step.part == StepPart.HEAD and round_ == 1:
                Run.objects.filter(pk=step.run_id).update(state=RunState.LOST, ended_at=NOON)
                continue
            outcome = "failed" if step.part == StepPart.HEAD else "passed"
            factories.play(step.run, results=dict.fromkeys(spec.selection, outcome))
        actions.advance(diagnosis.pk, now=NOON)
    assert set(verdicts_of(diagnosis).values()) == {("real", "Fails 2 of 2 at the head, 0 of 3 at the base.")}


def test_each_commit_answers_for_all_tests_that_it_lies_between(runs):
    base, head = runs
    diagnosis = start(CULPRIT, (base, with_commits(head, 8)))
    broken_since = {"a.py::one": (2, "failed"), "a.py::three": (6, "error")}
    checkouts = 0
    while steps := asked(diagnosis):
        ((step, spec),) = steps
        checkouts += 1
        place = diagnosis.commits.index(step.run.sha)
        since = {test: broken_since[test] for test in spec.selection}
        results = {test: how if place >= first else "passed" for test, (first, how) in since.items()}
        factories.play(step.run, results=results)
    diagnosis.refresh_from_db()
    found = [[diagnosis.commits.index(sha) for sha in verdict["commits"]] for verdict in diagnosis.verdicts]
    assert found == [[2], [6]]
    assert checkouts == diagnosis.cost["checkouts"] <= 7
    assert diagnosis.cost["exhaustive"] == 9 * 2


def test_without_known_commits_there_is_nothing_to_search(runs):
    with pytest.raises(InvalidInput, match="nothing to search"):
        start(CULPRIT, runs)


@pytest.mark.parametrize("is_latest", [True, False])
def test_what_a_project_wants_diagnosed_is_begun_for_the_latest_run_of_a_track(runs, is_latest):
    head = runs[1]
    head.project.runs_again = True
    head.project.save()
    if not is_latest:
        factories.create_run(track=head.track, results=BEFORE)
    actions.diagnose_due(now=NOON)
    assert Diagnosis.objects.filter(head=head).exists() == is_latest
    actions.diagnose_due(now=NOON)
    assert Diagnosis.objects.filter(head=head).count() == is_latest, "once"
