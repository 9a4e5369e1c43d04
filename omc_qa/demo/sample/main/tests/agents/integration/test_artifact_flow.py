import pytest

from app.agents.artifacts import LARGEST, ArtifactError, ArtifactStore, csv


@pytest.fixture
def store(session, started):
    return ArtifactStore(session, started.id)


@pytest.mark.parametrize("name", ["report.md", "prices.csv", "findings.json"])
def test_an_artifact_is_found_again(store, name):
    store.put(name, "content")
    assert store.get(name).content == "content"


def test_what_was_not_kept_is_not_found(store):
    assert store.get("report.md") is None


def test_a_second_version_replaces_the_first(store):
    store.put("report.md", "draft")
    store.put("report.md", "final")
    assert (store.names(), store.get("report.md").content) == (["report.md"], "final")


def test_names_are_sorted(store):
    for name in ("b.md", "a.csv", "c.txt"):
        store.put(name, "")
    assert store.names() == ["a.csv", "b.md", "c.txt"]


@pytest.mark.parametrize(("size", "kept"), [(LARGEST, True), (LARGEST + 1, False)])
def test_the_size_is_bounded(store, size, kept):
    if kept:
        assert store.put("big.txt", "x" * size).media_type == "text/plain"
    else:
        with pytest.raises(ArtifactError, match="is larger than"):
            store.put("big.txt", "x" * size)


def test_sessions_do_not_see_each_other(session, started, store):
    store.put("report.md", "mine")
    assert ArtifactStore(session, started.id + 1).names() == []


def test_a_table_can_be_kept(store):
    store.put("prices.csv", csv([{"symbol": "BTC", "price": 100}]))
    assert store.get("prices.csv").content.splitlines() == ["symbol,price", "BTC,100"]
