from pathlib import Path

from scripts import check_release

ROOT = Path(__file__).parents[2]


def test_the_documents_are_there():
    assert check_release.missing_documents(ROOT) == []


def test_the_version_is_named():
    assert check_release.version(ROOT) == "0.4.0"


def test_migrations_are_numbered_without_a_gap():
    assert check_release.unordered_migrations(ROOT) == []
