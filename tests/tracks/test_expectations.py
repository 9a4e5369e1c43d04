"""What checks take, and what they make of what they see."""

import pytest

from tracks.checks import Bound, CheckDefinition, CheckKind
from tracks.errors import InvalidInput
from tracks.expectations import Printed, Seen, of_command, of_files
from tracks.statuses import Standing

HOLDS, FAILS, UNKNOWN = Standing.HOLDS, Standing.FAILS, Standing.UNKNOWN
NUMBER = {"kind": CheckKind.NUMBER, "command": "x", "pattern": r"total ([\d.,a-z]+)", "bound": 80}
MATCHES = {"kind": CheckKind.OUTPUT_MATCHES, "command": "x", "pattern": "^ok$"}
LACKS = MATCHES | {"kind": CheckKind.OUTPUT_LACKS}


@pytest.mark.parametrize(
    ("check", "printed", "standing"),
    [
        ({"kind": CheckKind.EXIT_CODE, "command": "x"}, Printed(0, ""), HOLDS),
        ({"kind": CheckKind.EXIT_CODE, "command": "x"}, Printed(1, ""), FAILS),
        ({"kind": CheckKind.EXIT_CODE, "command": "x"}, Printed(-9, "", stopped="too long"), UNKNOWN),
        (MATCHES, Printed(1, "first\nok\nlast"), HOLDS),
        (MATCHES, Printed(0, "not ok"), FAILS),
        (MATCHES, Printed(0, "not ok", is_cut=True), UNKNOWN),
        (LACKS, Printed(0, "not ok"), HOLDS),
        (LACKS, Printed(0, "ok", is_cut=True), FAILS),
        (LACKS, Printed(0, "", is_cut=True), UNKNOWN),
        (NUMBER, Printed(0, "total 10\ntotal 1,082.5"), HOLDS),
        (NUMBER, Printed(0, "total 79.9"), FAILS),
        (NUMBER | {"operator": Bound.AT_MOST}, Printed(0, "total 79.9"), HOLDS),
        (NUMBER, Printed(0, "nothing"), FAILS),
        (NUMBER, Printed(0, "total many"), UNKNOWN),
        (NUMBER, Printed(0, "total inf"), UNKNOWN),
    ],
)
def test_what_a_command_shows(check: dict, printed: Printed, standing: Standing):
    assert of_command(CheckDefinition(**check), printed).standing is standing


LINES = {"kind": CheckKind.LINES, "path": "a", "pattern": "x", "bound": 2}
NO_LINE = {"kind": CheckKind.NO_LINE, "path": "a", "pattern": "x"}
CONTAINS = {"kind": CheckKind.CONTAINS, "path": "a", "pattern": "x"}
TWO = Seen("file", texts={"a": "x\ny\nx"})
NONE = Seen("file", texts={"a": "y"})
PART = Seen("folder", texts={"a": "y"}, left_out="too much")


@pytest.mark.parametrize(
    ("check", "seen", "standing"),
    [
        (LINES, TWO, HOLDS),
        (LINES | {"operator": Bound.AT_MOST, "bound": 1}, TWO, FAILS),
        (LINES, PART, UNKNOWN),
        (LINES | {"bound": 0}, PART, HOLDS),
        (NO_LINE, TWO, FAILS),
        (NO_LINE, NONE, HOLDS),
        (NO_LINE, PART, UNKNOWN),
        (CONTAINS, TWO, HOLDS),
        (CONTAINS, NONE, FAILS),
        (CONTAINS, PART, UNKNOWN),
        (CONTAINS, Seen("missing"), FAILS),
        ({"kind": CheckKind.EXISTS, "path": "a"}, Seen("outside"), FAILS),
        ({"kind": CheckKind.NOT_EMPTY, "path": "a"}, Seen("folder", count=0), FAILS),
        ({"kind": CheckKind.FILES, "path": "a", "glob": "*.yml"}, Seen("file"), FAILS),
    ],
)
def test_what_files_show(check: dict, seen: Seen, standing: Standing):
    assert of_files(CheckDefinition(**check), seen).standing is standing


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("-----BEGIN OPENSSH PRIVATE KEY-----", "a private key"),
        ("key = AKIAABCDEFGHIJKLMNOP", "an AWS access key"),
        ("url: postgres://app:hunter22@db/app", "a password in an address"),
        ('"db_password": "correct-horse"', "a password or key that is written down"),
        ("API_KEY = 'abcdefgh12345678'", "a password or key that is written down"),
        ("password = os.environ['PASSWORD']", ""),
        ("url: postgres://app:${PASSWORD}@db/app", ""),
        ('password: "<to be set>"', ""),
        ("https://example.org/a:b@c", ""),
    ],
)
def test_secrets_are_found_and_never_repeated(line: str, what: str):
    seen = Seen("file", texts={"app.yml": f"first\n{line}"})
    verdict = of_files(CheckDefinition(CheckKind.NO_SECRETS, path="app.yml"), seen)
    assert verdict.evidence == (f"app.yml:2: {what}" if what else "")
    assert verdict.standing is (FAILS if what else HOLDS)


@pytest.mark.parametrize(
    ("check", "field"),
    [
        ({"kind": CheckKind.EXIT_CODE}, "command"),
        ({"kind": CheckKind.EXIT_CODE, "command": "a\0b"}, "command"),
        ({"kind": CheckKind.EXIT_CODE, "command": "x", "seconds": 601}, "seconds"),
        ({"kind": CheckKind.EXIT_CODE, "command": "x", "exit_code": 256}, "exit_code"),
        (MATCHES | {"pattern": "("}, "pattern"),
        (MATCHES | {"pattern": r"(a)\1"}, "pattern"),
        (MATCHES | {"pattern": "(((((x{9}){9}){9}){9}){9}){9}"}, "pattern"),
        (NUMBER | {"pattern": r"\d+"}, "pattern"),
        (NUMBER | {"bound": float("nan")}, "bound"),
        ({"kind": CheckKind.EXISTS, "path": "/etc/passwd"}, "path"),
        ({"kind": CheckKind.EXISTS, "path": "a/../../b"}, "path"),
        ({"kind": CheckKind.FILES, "path": "a", "glob": "../*"}, "glob"),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_field(check: dict, field: str):
    with pytest.raises(InvalidInput) as refused:
        CheckDefinition(**check)
    assert refused.value.field == field


def test_a_definition_survives_being_stored():
    check = CheckDefinition(**NUMBER | {"operator": Bound.AT_MOST})
    assert CheckDefinition.from_json(check.to_json()) == check
