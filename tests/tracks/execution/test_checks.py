"""Checks in real runs: what they show, and that nothing of a branch leads them astray."""

import json
from collections.abc import Callable

import pytest

from tests.tracks.execution.conftest import Story
from tests.tracks.execution.repositories import Repository
from tracks.checks import Bound, Check, CheckDefinition, CheckKind
from tracks.events import CheckFinished, CommandEnded, Heartbeat, StageStarted
from tracks.execution import checks
from tracks.execution.checks import OUTPUT, seen_in
from tracks.execution.spec import Limits, RunSpec, Share
from tracks.expectations import of_files
from tracks.statuses import Stage, Standing

Play = Callable[..., Story]
HOLDS, FAILS, UNKNOWN = Standing.HOLDS, Standing.FAILS, Standing.UNKNOWN
FAILING = {"test_a.py": "def test_a(): assert False\n"}


def check(kind: CheckKind, **fields: object) -> CheckDefinition:
    return CheckDefinition(kind, **fields)  # type: ignore[arg-type]


def looked_at(play: Play, *definitions: CheckDefinition, **changes: object) -> list[CheckFinished]:
    """What the checks show in a run without tests."""
    asked = tuple(Check(number, definition) for number, definition in enumerate(definitions))
    story = play(**{"checks": asked, "checks_only": True, **changes})
    assert story.error is None
    found = story.of(CheckFinished)
    assert sorted(each.criterion for each in found) == list(range(len(definitions)))
    return sorted(found, key=lambda each: each.criterion)


def test_each_kind_of_check_in_one_run(repository: Repository, play: Play, tier: str) -> None:
    repository.commit(
        {
            "Makefile": "all:\n\techo hi\n",
            "empty": "",
            "app/settings.py": "DEBUG = False\npassword = 'correct-horse-battery'\n",
            "app/deep/one.yml": "a: 1\n",
            "app/two.yml": "a: 1\nb: 2\n",
        }
    )
    command = {"command": "echo total 82.5%; echo done; exit 3"}
    expected = [
        (check(CheckKind.EXIT_CODE, exit_code=3, **command), HOLDS),
        (check(CheckKind.OUTPUT_MATCHES, pattern="^done$", **command), HOLDS),
        (check(CheckKind.OUTPUT_LACKS, pattern="done", **command), FAILS),
        (check(CheckKind.NUMBER, pattern=r"total ([\d.]+)%", bound=80, **command), HOLDS),
        (check(CheckKind.EXISTS, path="Makefile"), HOLDS),
        (check(CheckKind.EXISTS, path="missing"), FAILS),
        (check(CheckKind.NOT_EMPTY, path="empty"), FAILS),
        (check(CheckKind.NOT_EMPTY, path="app"), HOLDS),
        (check(CheckKind.CONTAINS, path="Makefile", pattern="echo"), HOLDS),
        (
            check(CheckKind.LINES, path="app/**/*.yml", pattern=r"^\w: \d", bound=3, operator=Bound.EQUAL),
            HOLDS,
        ),
        (check(CheckKind.NO_LINE, path="app", pattern="DEBUG = True"), HOLDS),
        (check(CheckKind.NO_SECRETS, path="."), FAILS),
        (check(CheckKind.FILES, path="app", glob="**/*.yml", bound=2), HOLDS),
        (check(CheckKind.FILES, path="app", glob="*.yml", bound=2), FAILS),
    ]
    found = looked_at(play, *(definition for definition, _ in expected))
    said = {each.sentence: each.standing for each in found}
    assert [each.standing for each in found] == [standing for _, standing in expected], said
    assert found[0].output == "total 82.5%\ndone\n" and found[0].exit_code == 3
    assert found[3].figure == "82.5 (≥ 80)"
    assert found[11].output == "app/settings.py:2: a password or key that is written down"
    assert found[12].output == "app/two.yml\napp/deep/one.yml"


def test_a_branch_cannot_lead_a_check_out_of_its_checkout(
    repository: Repository, play: Play, tier: str
) -> None:
    (repository.path / "Makefile").symlink_to("/etc/passwd")
    (repository.path / "etc").symlink_to("/etc")
    (repository.path / "conf").mkdir()
    (repository.path / "conf" / "passwd").symlink_to("/etc/passwd")
    (repository.path / "inner").symlink_to("conf")
    repository.commit({"conf/a.ini": "x=1\n"})
    found = looked_at(
        play,
        check(CheckKind.CONTAINS, path="Makefile", pattern="root"),
        check(CheckKind.EXISTS, path="etc/passwd"),
        check(CheckKind.CONTAINS, path="conf", pattern="root"),
        check(CheckKind.CONTAINS, path="inner/a.ini", pattern="x=1"),
        check(CheckKind.NO_LINE, path="conf", pattern="root"),
        check(CheckKind.NO_LINE, path=".", pattern="root"),
    )
    assert [each.standing for each in found] == [FAILS, FAILS, UNKNOWN, HOLDS, UNKNOWN, UNKNOWN]
    assert "leads out" in found[0].sentence and "leads out" in found[1].sentence
    assert "conf/passwd leads to no file of the checkout" in found[4].sentence
    assert "root:" not in "".join(each.output for each in found)


def test_a_check_that_never_ends_is_cut_off_and_the_next_one_goes_on(
    repository: Repository, play: Play, tier: str
) -> None:
    repository.commit({"a": "1"})
    found = looked_at(
        play,
        check(CheckKind.EXIT_CODE, command="echo begun; sleep 600", seconds=1),
        check(CheckKind.EXISTS, path="a"),
    )
    assert [each.standing for each in found] == [UNKNOWN, HOLDS]
    assert "the limit of 1 s" in found[0].sentence
    assert found[0].output == "begun\n" and found[0].exit_code is None


def test_of_ten_megabytes_the_head_and_the_tail_are_kept(
    repository: Repository, play: Play, bare: None
) -> None:
    repository.commit({"a": "1"})
    noisy = {"command": "echo first; head -c 10000000 /dev/zero | tr '\\0' x; echo; echo last 7"}
    found = looked_at(
        play,
        check(CheckKind.NUMBER, pattern=r"last (\d+)", bound=7, **noisy),
        check(CheckKind.OUTPUT_LACKS, pattern="absent", **noisy),
    )
    assert [each.standing for each in found] == [HOLDS, UNKNOWN], "what is left out could hold anything"
    assert len(found[0].output) < OUTPUT + 100
    assert found[0].output.startswith("first\n") and found[0].output.endswith("last 7\n")
    assert "characters are left out here" in found[0].output


def test_secrets_are_masked_in_what_a_check_shows(repository: Repository, play: Play, bare: None) -> None:
    repository.commit({"a": "1"})
    [found] = looked_at(
        play, check(CheckKind.EXIT_CODE, command="echo $TOKEN"), secrets={"TOKEN": "hunter2hunter2"}
    )
    assert found.output == "[secret TOKEN]\n"


@pytest.mark.parametrize(
    ("files", "before", "looked", "is_broken"),
    [
        (FAILING, "", True, False),
        ({"conftest.py": "raise ImportError\n"}, "", True, True),
        (FAILING, "false", False, True),
    ],
    ids=["a test fails", "tests cannot start", "nothing could be prepared"],
)
def test_checks_are_looked_at_whatever_came_of_the_tests(
    repository: Repository,
    play: Play,
    bare: None,
    files: dict[str, str],
    before: str,
    looked: bool,
    is_broken: bool,
) -> None:
    repository.commit(files)
    definitions = (check(CheckKind.EXISTS, path="."), check(CheckKind.EXIT_CODE, command="true"))
    asked = tuple(Check(number, each) for number, each in enumerate(definitions))
    story = play(before=before, after="test ! -e gone", checks=asked)
    assert [each.criterion for each in story.of(CheckFinished)] == ([0, 1] if looked else [0])
    assert bool(story.error) is is_broken
    assert story.ended(Stage.AFTER).exit_code == 0, "it comes after the checks all the same"


def test_without_tests_the_test_command_is_not_run(repository: Repository, play: Play, bare: None) -> None:
    repository.commit({"a": "1"})
    made = check(CheckKind.EXIT_CODE, command="test -e ran")
    story = play(test="touch ran", checks=(Check(1, made),), checks_only=True)
    assert [each.standing for each in story.of(CheckFinished)] == [FAILS]
    assert story.of(CommandEnded) == []
    assert Stage.TEST not in [each.stage for each in story.of(StageStarted)]


def test_files_are_looked_at_as_they_were_committed(repository: Repository, play: Play, tier: str) -> None:
    repository.commit({"app/keys.py": "password = 'correct-horse-battery'\n", **FAILING})
    definitions = (
        check(CheckKind.NO_SECRETS, path="app"),
        check(CheckKind.EXISTS, path="docs/deploy.md"),
        check(CheckKind.EXIT_CODE, command="test -e docs/deploy.md"),
    )
    story = play(
        test="rm app/keys.py; mkdir docs; touch docs/deploy.md",
        checks=tuple(Check(number, each) for number, each in enumerate(definitions)),
    )
    assert [each.standing for each in story.of(CheckFinished)] == [FAILS, FAILS, HOLDS]


def test_no_process_of_the_tests_or_of_a_check_answers_for_another(
    repository: Repository, play: Play, tier: str
) -> None:
    """They print as long as they live; what was begun before the tests is still there."""
    repository.commit({"a": "1"})
    definitions = (
        check(CheckKind.NUMBER, command="echo coverage 98; yes coverage 97 &", pattern=r"coverage (\d+)"),
        check(CheckKind.OUTPUT_LACKS, command="kill -0 $(cat server)", pattern="."),
    )
    story = play(
        before="sleep 600 & echo $! > server",
        test="yes coverage 99 &",
        checks=tuple(Check(number, each) for number, each in enumerate(definitions)),
    )
    found = story.of(CheckFinished)
    assert "coverage 99" not in found[0].output
    assert found[1].standing is HOLDS and found[1].exit_code == 0, found[1].output[:200]


def test_without_a_sandbox_a_testers_command_is_not_run(
    repository: Repository, play: Play, bare: None
) -> None:
    repository.commit({"a": "1"})
    found = looked_at(
        play,
        check(CheckKind.EXIT_CODE, command="true"),
        check(CheckKind.EXISTS, path="a"),
        allow_unsandboxed_checks=False,
    )
    assert [each.standing for each in found] == [UNKNOWN, HOLDS]
    assert "no sandbox" in found[0].sentence


def test_the_checks_have_a_time_together(repository: Repository, play: Play, bare: None) -> None:
    repository.commit({"a": "1"})
    command = check(CheckKind.EXIT_CODE, command="sleep 600")
    found = looked_at(play, command, command, limits=Limits(check_seconds=0.5))
    assert [each.standing for each in found] == [UNKNOWN, UNKNOWN]
    assert "stopped" in found[0].sentence and "the 0.5 s that they have together" in found[1].sentence


@pytest.mark.parametrize(
    "answer",
    [
        '{"state": "file", "size": Infinity}',
        '{"state": "file", "size": []}',
        '{"state": "fine"}',
        '{"state": ' + "[" * 100_000,
        '["file"]',
        '{"state": "file", "texts": ["a"]}',
        "",
    ],
    ids=range(7),
)
def test_what_is_no_answer_is_refused(answer: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)):
        seen_in(answer)


def test_half_a_character_of_a_file_is_no_matter() -> None:
    seen = seen_in('{"state": "folder", "texts": {"a": "x\\ud800"}, "left_out": "b\\udfff\\u0000"}')
    verdict = of_files(check(CheckKind.NO_LINE, path=".", pattern="y"), seen, bool)
    assert verdict.sentence == "It cannot be told: b\ufffd\ufffd."


def test_the_run_goes_on_while_a_pattern_is_at_work(
    repository: Repository, play: Play, bare: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "PATTERN_SECONDS", 0.9)
    repository.commit({"many": ("a" * 2000 + "\n") * 500})
    story = play(
        checks=(Check(0, check(CheckKind.NO_LINE, path="many", pattern=r"(a|b|c|\w){1000}!")),),
        checks_only=True,
    )
    [found] = story.of(CheckFinished)
    assert found.standing is UNKNOWN and "took too long" in found.sentence
    assert len(story.of(Heartbeat)) >= 2


def test_of_a_divided_run_one_part_looks(repository: Repository, play: Play, bare: None) -> None:
    repository.commit(FAILING)
    asked = (Check(1, check(CheckKind.EXISTS, path=".")),)
    counts = [len(play(checks=asked, share=Share(number, 2)).of(CheckFinished)) for number in range(2)]
    assert counts == [1, 0]


def test_checks_are_frozen_and_an_old_spec_has_none(
    repository: Repository, spec_of: Callable[..., RunSpec]
) -> None:
    repository.commit(FAILING)
    number = check(CheckKind.NUMBER, command="echo 1", pattern=r"(\d)", operator=Bound.AT_MOST, bound=2)
    spec = spec_of(checks=(Check(3, number),), checks_only=True)
    assert RunSpec.from_json(spec.to_json()) == spec
    old = json.loads(spec_of().to_json())
    for name in ("checks", "checks_only", "overlay"):
        del old[name]
    assert RunSpec.from_json(json.dumps(old)) == spec_of()
