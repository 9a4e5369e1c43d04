"""What the sample's tester asks of its tracks, beside that their tests pass."""

from datetime import datetime

from tracks import actions
from tracks.checks import Bound, CheckDefinition, CheckKind
from tracks.criteria import Rule, TestsDefinition
from tracks.models import Track, User
from tracks.selections import Selection
from tracks.statuses import CriterionKind, Weight

TASK = "infra/ecs/task-definition.json"
IMAGE = "infra/docker/Dockerfile"
COUNTED = CheckDefinition(
    CheckKind.NUMBER,
    command=f"grep -c valueFrom {TASK}",
    pattern=r"(\d+)",
    operator=Bound.EQUAL,
    bound=3,
)
_Asked = tuple[str, TestsDefinition | CheckDefinition | None, Weight]
ASKED: dict[str, list[_Asked]] = {
    "A": [
        (
            "The accounts' tests pass",
            TestsDefinition(Rule.AT_MOST_BROKEN, Selection(places=("tests/accounts",))),
            Weight.BLOCKING,
        ),
        (
            "Nothing gets worse outside of the core's tests",
            TestsDefinition(Rule.NOTHING_WORSE, Selection(places=("tests/core",), outside=True)),
            Weight.BLOCKING,
        ),
        (
            "The collectors keep their 60 tests",
            TestsDefinition(Rule.AT_LEAST, Selection(places=("tests/collectors",)), least=60),
            Weight.ADVISORY,
        ),
    ],
    "C": [
        ("There is an image", CheckDefinition(CheckKind.EXISTS, path=IMAGE), Weight.BLOCKING),
        (
            "The secrets are described in Terraform",
            CheckDefinition(CheckKind.FILES, path="infra/terraform", glob="*.tf"),
            Weight.BLOCKING,
        ),
        (
            "No secret is in the task definition",
            CheckDefinition(CheckKind.NO_SECRETS, path=TASK),
            Weight.BLOCKING,
        ),
        ("The task reads three secrets", COUNTED, Weight.BLOCKING),
        ("Operations have read the plan", None, Weight.ADVISORY),
    ],
}


def write_down(track: Track, *, by: User, now: datetime) -> None:
    """Give the track its criteria, if it has any."""
    for text, definition, weight in ASKED.get(track.key, ()):
        actions.create_criterion(
            track,
            text=text,
            kind=_kind(definition),
            weight=weight,
            definition=definition.to_json() if definition else {},
            by=by,
            now=now,
        )


def _kind(definition: TestsDefinition | CheckDefinition | None) -> CriterionKind:
    if definition is None:
        return CriterionKind.MANUAL
    return CriterionKind.TESTS if isinstance(definition, TestsDefinition) else CriterionKind.CHECK
