"""The page of a commit, guessed from the address of its repository."""

import pytest

from tracks.web.hosting import commit_url


@pytest.mark.parametrize(
    ("repository", "url"),
    [
        ("https://git.example.org/team/ledger.git", "https://git.example.org/team/ledger/commit/abc"),
        ("https://git.example.org:8443/team/ledger", "https://git.example.org:8443/team/ledger/commit/abc"),
        ("https://dev:secret@git.example.org/ledger.git", "https://git.example.org/ledger/commit/abc"),
        ("git@git.example.org:team/ledger.git", "https://git.example.org/team/ledger/commit/abc"),
        ("ssh://git@git.example.org:2222/team/ledger.git", "https://git.example.org/team/ledger/commit/abc"),
        ("https://gitlab.example.org/a/b/c.git", "https://gitlab.example.org/a/b/c/-/commit/abc"),
        ("git@bitbucket.example.org:a/b.git", "https://bitbucket.example.org/a/b/commits/abc"),
        ("/srv/git/ledger", ""),
        ("file:///srv/git/ledger", ""),
        ("https://", ""),
        ("https://host:notaport/x", ""),
        ('https://git.example.org/"><script>', ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_a_commit_has_a_page_where_one_can_be_guessed(repository: str, url: str) -> None:
    assert commit_url(repository, "abc") == url
