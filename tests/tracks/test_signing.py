"""With what a run's failures are signed, and signing them again."""

import json

import pytest

from tests import factories
from tests.factories import NOON
from tests.tracks.library_tracebacks import CONTEXT
from tracks import actions, queries, signatures
from tracks.errors import InvalidInput
from tracks.events import TestFinished
from tracks.models import Failure, FailureSignature, Project, Run
from tracks.models.run import MIXED
from tracks.statuses import Outcome, Phase

pytestmark = pytest.mark.django_db

TENANTS = r"tenant-\w+"


def mask(project: Project, *masks: str) -> None:
    actions.change_project(project, by=project.created_by, masks=list(masks))


def broken(test: str, message: str) -> TestFinished:
    return TestFinished(
        test, Outcome.FAILED, seconds=0.01, phase=Phase.CALL, message=message, text=f"E   {message}"
    )


@pytest.fixture
def run():
    """Three tests that met one error, each with a tenant of its own."""
    run = factories.start_run()
    recording = actions.Recording(factories.claim(run), now=NOON)
    for name in ("north", "south", "west"):
        recording.record(broken(f"t.py::{name}", f"KeyError: 'tenant-{name}'"), now=NOON)
    recording.finish(now=NOON)
    return Run.objects.get(pk=run.pk)


def errors(run: Run) -> int:
    return run.failures.values("signature").distinct().count()


def scheme(run: Run) -> str:
    return Run.objects.values_list("signed", flat=True).get(pk=run.pk)


def test_a_run_names_what_its_failures_were_signed_with(run):
    assert scheme(run) == signatures.scheme([])
    mask(run.project, TENANTS)
    later = factories.create_run(track=Run.objects.get(pk=run.pk).track, failed=1)
    assert later.signed == signatures.scheme([TENANTS])


def test_a_run_without_failures_is_signed_with_nothing_and_needs_no_signing(run):
    clean = factories.create_run(track=run.track, passed=2)
    mask(run.project, TENANTS)
    assert clean.signed == ""
    assert queries.runs_signed_otherwise(Project.objects.get(pk=run.project_id)) == [run.pk]
    assert actions.resign(clean) == 0


def test_masks_that_change_while_a_run_goes_on_leave_it_to_be_signed_again():
    project = factories.create_project(shards=2)
    track = factories.create_track(sprint=factories.create_sprint(project=project))
    run = factories.start_run(track=track)
    first = actions.Recording(factories.claim(run, number=0), now=NOON)
    first.record(broken("t.py::a", "KeyError: 'tenant-a'"), now=NOON)
    first.finish(now=NOON)
    mask(project, TENANTS)
    second = actions.Recording(factories.claim(run, number=1), now=NOON)
    second.record(broken("t.py::b", "KeyError: 'tenant-b'"), now=NOON)
    second.finish(now=NOON)
    run = Run.objects.get(pk=run.pk)
    assert (run.signed, errors(run)) == (MIXED, 2)
    assert not queries.signed_alike(run, run)
    assert actions.resign(run) == 2
    assert (scheme(run), errors(run)) == (signatures.scheme([TENANTS]), 1)


def test_signing_again_computes_from_the_kept_texts(run):
    assert errors(run) == 3
    mask(run.project, TENANTS)
    assert actions.resign(run) == 3
    assert (errors(run), scheme(run)) == (1, signatures.scheme([TENANTS]))
    assert Failure.objects.filter(run=run).first().signature.message == "'<masked>'"


def test_signing_twice_signs_once_and_an_open_page_learns_of_it(run):
    mask(run.project, TENANTS)
    actions.resign(run)
    revision = Run.objects.get(pk=run.pk).revision
    assert revision == run.revision + 1
    assert actions.resign(run) == 0
    assert Run.objects.get(pk=run.pk).revision == revision


def test_masks_that_are_taken_back_bring_the_old_signatures_back(run):
    before = queries.signatures_of(run)
    mask(run.project, TENANTS)
    actions.resign(run)
    mask(run.project)
    actions.resign(run)
    assert queries.signatures_of(run) == before


def test_batches_are_bounded_and_none_is_left_out(run, monkeypatch):
    monkeypatch.setattr("tracks.queries.signing.BATCH", 2)
    monkeypatch.setattr("tracks.actions.signing._AT_ONCE", 1)
    mask(run.project, TENANTS)
    assert actions.resign(run) == 3
    assert errors(run) == 1


def test_a_signing_that_dies_half_way_leaves_the_run_as_it_was(run, monkeypatch):
    before = queries.signatures_of(run)
    mask(run.project, TENANTS)
    monkeypatch.setattr("tracks.actions.signing._AT_ONCE", 0)  # no range can be made of it
    with pytest.raises(ValueError, match="must not be zero"):
        actions.resign(run)
    assert (queries.signatures_of(run), scheme(run)) == (before, signatures.scheme([]))


def test_a_run_that_goes_on_is_left_to_its_worker():
    run = factories.play(factories.start_run(), failed=1, ended=False)
    mask(run.project, TENANTS)
    assert actions.resign(run) == 0
    assert scheme(run) == signatures.scheme([])


def test_signatures_that_nothing_uses_any_more_stay(run):
    mask(run.project, TENANTS)
    actions.resign(run)
    assert FailureSignature.objects.filter(project=run.project).count() == 4


def test_the_root_of_the_run_is_known_when_it_is_signed_again():
    run = factories.create_run(failed=1)
    Run.objects.filter(pk=run.pk).update(environment=run.environment | {"root": "/w"}, signed="1")
    text = Failure.objects.get(run=run).text
    text.text = '  File "/w/shop/a.py", line 3, in load\n    x\nKeyError: 1'
    text.save()
    actions.resign(Run.objects.get(pk=run.pk))
    assert Failure.objects.get(run=run).signature.frame == "shop/a.py::load"


def test_the_chain_of_an_error_is_kept_as_plain_data():
    run = factories.start_run()
    recording = actions.Recording(factories.claim(run), now=NOON)
    text = f"E   KeyError: 'id'{CONTEXT}E   Boom: no id"
    recording.record(
        TestFinished("a", Outcome.FAILED, seconds=0, phase=Phase.CALL, message="Boom: no id", text=text),
        now=NOON,
    )
    recording.finish(now=NOON)
    chain = Failure.objects.get(run=run).signature.chain
    assert json.loads(json.dumps(chain)) == [
        {"said": "KeyError: 'id'", "link": "context"},
        {"said": "Boom: no id", "link": ""},
    ]


@pytest.mark.parametrize("masks", [["("], ["x*"], [f"a{number}" for number in range(21)]])
def test_masks_that_could_not_be_run_are_refused_by_the_action_too(masks):
    project = factories.create_project()
    with pytest.raises(InvalidInput) as refused:
        mask(project, *masks)
    assert refused.value.field == "masks"
    assert Project.objects.get(pk=project.pk).masks == []
