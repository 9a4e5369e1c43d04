"""What checks take, and what they make of what they see."""

import pytest

from tracks.checks import Bound, CheckDefinition, CheckKind
from tracks.errors import InvalidInput
from tracks.expectations import LINE_CHARACTERS, Printed, Seen, of_command, of_files
from tracks.secret_kinds import WRITTEN_DOWN
from tracks.statuses import Standing

never = bool
"""The time is never over."""
HOLDS, FAILS, UNKNOWN = Standing.HOLDS, Standing.FAILS, Standing.UNKNOWN
NUMBER = {"kind": CheckKind.NUMBER, "command": "x", "pattern": r"total ([\d.,a-z]+)", "bound": 80}
MATCHES = {"kind": CheckKind.OUTPUT_MATCHES, "command": "x", "pattern": "^ok$"}
EXIT_CODE = {"kind": CheckKind.EXIT_CODE, "command": "x", "exit_code": 127}
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
        (NUMBER, Printed(0, "total 82,5"), UNKNOWN),
        (NUMBER, Printed(0, "total 1,08,2"), UNKNOWN),
        (NUMBER, Printed(0, "total 99\n" + "x" * (LINE_CHARACTERS + 1)), UNKNOWN),
        (NUMBER, Printed(0, "total 79, total 81"), HOLDS),
        (LACKS, Printed(0, "x" * (LINE_CHARACTERS + 1)), UNKNOWN),
        (LACKS, Printed(126, ""), UNKNOWN),
        (LACKS, Printed(127, "sh: no such command"), UNKNOWN),
        (LACKS, Printed(137, ""), UNKNOWN),
        (MATCHES, Printed(-9, "ok"), UNKNOWN),
        (NUMBER, Printed(127, "total 99"), UNKNOWN),
        (EXIT_CODE, Printed(127, ""), HOLDS),
    ],
)
def test_what_a_command_shows(check: dict, printed: Printed, standing: Standing):
    assert of_command(CheckDefinition(**check), printed, never).standing is standing


@pytest.mark.parametrize("kind", [CheckKind.NUMBER, CheckKind.OUTPUT_LACKS])
def test_what_takes_too_long_is_not_told(kind: CheckKind):
    """The time is over after some lines, or after some matches in one."""
    asks = 0

    def late() -> bool:
        nonlocal asks
        asks += 1
        return asks > 100

    check = CheckDefinition(kind, command="x", pattern="(y)")
    text = "y" * 1000 if kind is CheckKind.NUMBER else "x\n" * 1000
    verdict = of_command(check, Printed(0, text), late)
    assert verdict.standing is UNKNOWN and "took too long" in verdict.sentence


LINES = {"kind": CheckKind.LINES, "path": "a", "pattern": "x", "bound": 2}
NO_LINE = {"kind": CheckKind.NO_LINE, "path": "a", "pattern": "x"}
CONTAINS = {"kind": CheckKind.CONTAINS, "path": "a", "pattern": "x"}
TWO = Seen("file", texts={"a": "x\ny\nx"})
NONE = Seen("file", texts={"a": "y"})
LONG = Seen("file", texts={"a": "y" * (LINE_CHARACTERS + 1)})
GLOB = {"kind": CheckKind.EXISTS, "path": "a/*.yml"}
NOT_EMPTY = {"kind": CheckKind.NOT_EMPTY, "path": "a"}
FILES = {"kind": CheckKind.FILES, "path": "a", "glob": "*.yml"}
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
        (FILES, Seen("file"), FAILS),
        (FILES, Seen("folder", count=1, left_out="too much"), HOLDS),
        (FILES, Seen("folder", count=0, left_out="too much"), UNKNOWN),
        (FILES | {"operator": Bound.EQUAL}, Seen("folder", count=1, left_out="too much"), UNKNOWN),
        (FILES | {"operator": Bound.AT_MOST}, Seen("folder", count=2, left_out="too much"), FAILS),
        (GLOB, Seen("folder", count=1, left_out="too much"), HOLDS),
        (GLOB, Seen("folder", count=0, left_out="too much"), UNKNOWN),
        (NOT_EMPTY, Seen("folder", count=0, left_out="too much"), UNKNOWN),
        (NO_LINE, LONG, UNKNOWN),
        (CONTAINS, LONG, UNKNOWN),
    ],
)
def test_what_files_show(check: dict, seen: Seen, standing: Standing):
    assert of_files(CheckDefinition(**check), seen, never).standing is standing


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("API_KEY=abcdefgh12345678", WRITTEN_DOWN),
        ("export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzz", WRITTEN_DOWN),
        ("  password: correct-horse-battery  # of the database", WRITTEN_DOWN),
        ("- api-key: 0123456789abcdef", WRITTEN_DOWN),
        ("x" * 3000 + " AKIAABCDEFGHIJKLMNOP", "an AWS access key"),
        ("API_KEY=${API_KEY}", ""),
        ("API_KEY=", ""),
        ("password: changeme", ""),
        ("password: your-password-here", ""),
        ("password: <to-be-set>", ""),
        ("password_file: /run/secrets/database", ""),
        ("secret: /run/secrets/database", ""),
        ("token: settings.github.token", ""),
        ("password: !vault", ""),
        ("max_tokens: 123456789", ""),
        ("secret: it is explained in the handbook", ""),
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
    verdict = of_files(CheckDefinition(CheckKind.NO_SECRETS, path="app.yml"), seen, never)
    assert verdict.evidence == (f"app.yml:2: {what}" if what else "")
    assert verdict.standing is (FAILS if what else HOLDS)


def test_in_code_a_name_is_no_password():
    seen = Seen("file", texts={"app/login.py": "password = self.entered_password\ntoken: AccessToken\n"})
    verdict = of_files(CheckDefinition(CheckKind.NO_SECRETS, path="app"), seen, never)
    assert verdict.standing is HOLDS


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
        ({"kind": CheckKind.FILES, "path": "a/*", "glob": "*"}, "path"),
        (MATCHES | {"pattern": r"first\nsecond"}, "pattern"),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_field(check: dict, field: str):
    with pytest.raises(InvalidInput) as refused:
        CheckDefinition(**check)
    assert refused.value.field == field


def test_a_definition_survives_being_stored():
    check = CheckDefinition(**NUMBER | {"operator": Bound.AT_MOST})
    assert CheckDefinition.from_json(check.to_json()) == check
