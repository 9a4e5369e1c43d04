"""Every action that changes something leaves an entry in the audit log, or stands here with its reason."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType

import pytest

from reports import actions as conclusions
from tracks import actions
from tracks.actions import audit

PACKAGES = (actions, actions.findings, conclusions)
ASKS = ("check_", "reason_against_")
"""What says whether something may be done."""
READS = "changes nothing"
COMPUTED = "a conclusion: computed from facts, and computed again"
SEEN = "what a machine looks like or a repository holds; nobody did anything"
HELD = "a worker's hold on a part of a run: the run tells it, and its loss leaves an entry"
TOLD = "news of what has an entry, or would have one"
EXCEPTIONS = {
    **dict.fromkeys(("as_json", "content_of", "choices_for", "digest", "latest_claim"), READS),
    **dict.fromkeys(("ask_git_again", "compare_due", "kept_comparison", "store_comparison"), COMPUTED),
    **dict.fromkeys(("judge_due", "read_changesets_due", "read_merges_due", "resign"), COMPUTED),
    **dict.fromkeys(("ask_for_rendering", "claim_rendering", "fail_rendering"), COMPUTED),
    **dict.fromkeys(("give_up_renderings", "keep_file"), COMPUTED),
    **dict.fromkeys(("introduce", "see", "dismiss", "note_reaping"), SEEN),
    **dict.fromkeys(("take_looks", "note_bases", "note_gone"), SEEN),
    **dict.fromkeys(("claim", "give_back"), HELD),
    **dict.fromkeys(("tell", "send_mail_due"), TOLD),
    "count_opening": "a reader without an account: how often is counted on the link itself",
    "mark_read": "a person's own list of news; what it tells has an entry",
    "link_entries": "the audit log itself",
}
"""Why an action leaves none."""


def named(package: ModuleType) -> Iterator[tuple[str, Callable[..., object]]]:
    for name in package.__all__:
        found = getattr(package, name)
        if isinstance(found, FunctionType) and not name.startswith(ASKS):
            yield name, found


ACTIONS = dict(sorted(pair for package in PACKAGES for pair in named(package)))


def used_by(function: Callable[..., object]) -> Iterator[Callable[..., object]]:
    """The functions of the actions' packages that this one names."""
    bare = inspect.unwrap(function)
    tree = ast.parse(textwrap.dedent(inspect.getsource(bare)))
    for node in ast.walk(tree):
        found = None
        if isinstance(node, ast.Name):
            found = bare.__globals__.get(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found = getattr(bare.__globals__.get(node.value.id), node.attr, None)
        if isinstance(found, FunctionType) and "actions" in found.__module__.split("."):
            yield found


def leaves_an_entry(function: Callable[..., object]) -> bool:
    seen, due = set(), [function]
    while due:
        each = due.pop()
        if each is audit.audit:
            return True
        if each not in seen:
            seen.add(each)
            due.extend(used_by(each))
    return False


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_leaves_an_entry_or_says_why_not(name: str) -> None:
    assert leaves_an_entry(ACTIONS[name]) != (name in EXCEPTIONS), (
        f"{name} changes something and leaves no entry: call audit() in its transaction."
        if name not in EXCEPTIONS
        else f"{name} leaves an entry now: take it off the exceptions."
    )


def test_every_exception_is_an_action() -> None:
    assert set(EXCEPTIONS) <= set(ACTIONS)
