"""Lists of a finding as they are typed, and as they are read back."""

import pytest

from reports.web.findings import lines
from tracks.web import hosting


@pytest.mark.parametrize(
    ("line", "path", "place"),
    [
        ("app/prices.py:12-20", "app/prices.py", "12-20"),
        (" app/prices.py:12 ", "app/prices.py", "12"),
        ("app/prices.py", "app/prices.py", ""),
        ("c:/windows", "c:/windows", ""),
        ("a b.py:x", "a b.py:x", ""),
    ],
)
def test_a_file_is_a_line(line, path, place):
    found = lines.files_from(f"\n{line}\n\n")
    assert found == [{"path": path, "lines": place}]
    assert lines.files_from(lines.files_as_text(found)) == found


def test_an_option_is_a_paragraph():
    found = lines.options_from("Keep it\n+ nothing to do\n- wrong\n - late\n\n\nReplace it\nwhole\n\n")
    assert found == [
        {"text": "Keep it", "pros": "nothing to do", "cons": "wrong\nlate"},
        {"text": "Replace it\nwhole", "pros": "", "cons": ""},
    ]
    assert lines.options_from(lines.options_as_text(found)) == found
    assert lines.options_from(" \n ") == []


@pytest.mark.parametrize(
    ("repository", "url"),
    [
        ("https://github.com/team/x.git", "https://github.com/team/x/blob/abc/a%20b.py#L1-L2"),
        ("git@gitlab.example.org:team/x.git", "https://gitlab.example.org/team/x/-/blob/abc/a%20b.py#L1-2"),
        ("https://bitbucket.org/team/x", "https://bitbucket.org/team/x/src/abc/a%20b.py#lines-1:2"),
        ("https://git.example.org/team/x", "https://git.example.org/team/x/src/commit/abc/a%20b.py#L1-L2"),
        ("/srv/git/x", ""),
    ],
)
def test_lines_of_a_file_are_looked_up_where_the_repository_is_hosted(repository, url):
    assert hosting.file_url(repository, "abc", "a b.py", "1-2") == url
    assert hosting.file_url(repository, "", "a.py") == ""
