import pytest

from app.agents.artifacts import ArtifactError, csv, media_type


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("report.md", "text/markdown"),
        ("prices.csv", "text/csv"),
        ("findings.json", "application/json"),
        ("notes-2.txt", "text/plain"),
    ],
)
def test_types_follow_the_ending(name, expected):
    assert media_type(name) == expected


@pytest.mark.parametrize("name", ["", "report", "../report.md", "a/b.md", ".md", "Report.md", "re port.md", "a.md.md"])
def test_only_plain_names_are_kept(name):
    with pytest.raises(ArtifactError, match="is not a file name"):
        media_type(name)


@pytest.mark.parametrize("name", ["tool.exe", "page.html"])
def test_unknown_types_are_refused(name):
    with pytest.raises(ArtifactError, match="files are not kept"):
        media_type(name)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], ""),
        ([{"symbol": "BTC", "price": 1.5}], "symbol,price\nBTC,1.5\n"),
        ([{"note": "a, b"}, {"note": "plain"}], 'note\n"a, b"\nplain\n'),
        ([{"note": 'say "no"'}], 'note\n"say ""no"""\n'),
    ],
)
def test_csv(rows, expected):
    assert csv(rows) == expected
