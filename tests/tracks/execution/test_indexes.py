"""The operator's settings of pip and uv: used by the set-up, seen by nothing else, never in the log."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tracks.execution.conftest import Story
from tests.tracks.execution.repositories import Repository
from tests.tracks.execution.wheels import make_wheel
from tracks.errors import SubjectError
from tracks.execution import bubblewrap, indexes, sandbox
from tracks.execution.masking import Masks
from tracks.execution.sandbox import Bare, Mount
from tracks.statuses import Network

PASSWORD = "correct-horse"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A worker's folder of settings that name a folder of wheels and an index with a password."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("PIP_FIND_LINKS", "UV_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)
    make_wheel(tmp_path / "wheels", "tiny", "1", {"tiny.py": "SAYS = 'tiny is here'\n"})
    (tmp_path / "config" / "uv").mkdir(parents=True)
    (tmp_path / "config" / "uv" / "uv.toml").write_text(
        f'no-index = true\noffline = true\nfind-links = ["{tmp_path}/wheels"]\n'
        f"# https://tess:{PASSWORD}@packages.test/simple\n"
    )
    return tmp_path / "config"


def test_a_set_up_installs_from_what_the_workers_settings_name(
    repository: Repository, play: Callable[..., Story], home: Path, tier: str
) -> None:
    repository.commit(message="any")
    story = play(python="", setup="uv pip install tiny", test="python -c 'import tiny; print(tiny.SAYS)'")
    assert " + tiny==1\n" in story.log and "tiny is here" in story.log


def test_a_password_of_the_settings_is_in_no_log_and_no_message(
    repository: Repository,
    play: Callable[..., Story],
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    tier: str,
) -> None:
    monkeypatch.setenv("UV_INDEX_OWN_PASSWORD", "battery-staple")
    repository.commit({"test_it.py": "def test_one(): pass\n"})
    story = play(python="", setup="cat $XDG_CONFIG_HOME/uv/uv.toml; env; exit 3")
    assert isinstance(story.error, SubjectError)
    told = story.log + story.error.message + story.error.detail
    assert PASSWORD not in told and "battery-staple" not in told
    assert "https://tess:[secret of " in story.error.detail or "https://tess:[secret of " in story.log
    assert "UV_INDEX_OWN_PASSWORD=[secret UV_INDEX_OWN_PASSWORD]" in story.log


def test_every_password_of_one_variable_is_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    urls = (
        "https://tess:first-one@a.test/simple https://tess:second-one@b.test/simple https://third-one@c.test"
    )
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", urls)
    text = Masks(indexes.settings(Bare()).secrets).text(urls)
    assert not {"first-one", "second-one", "third-one"} & set(re.split("[:@/]", text))
    assert "https://tess:[secret of PIP_EXTRA_INDEX_URL, 2]@b.test" in text


def test_the_systems_settings_are_masked_and_for_the_set_up_only(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "pip.conf"
    file.write_text("[global]\nindex-url = https://tess:of-the-system@packages.test/simple\n")
    assert Path("/etc/pip.conf") in indexes.OF_SYSTEM
    monkeypatch.setattr(indexes, "OF_SYSTEM", (file,))
    settings = indexes.settings(Bare())
    assert Mount(file, str(file)) in settings.mounts and "of-the-system" in settings.secrets.values()
    assert not any("pip.conf" in word for word in bubblewrap.system(Network.HOST))


@pytest.mark.sandbox
@pytest.mark.skipif(bool(sandbox.probe()), reason="the sandbox does not work here")
def test_the_tests_do_not_see_the_settings(
    repository: Repository, play: Callable[..., Story], home: Path
) -> None:
    repository.commit(message="any")
    story = play(python="", setup="true", before="cat /omc-qa/config/uv/uv.toml || true; env", test="true")
    assert "No such file or directory" in story.log and PASSWORD not in story.log


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ("{folder}", True),
        ("https://h.test/simple {folder}", True),
        ("file://{folder}", True),
        ("https://h.test{folder}", False),
        ("relative{folder}", False),
        ("/etc/ssl/certs", False),
    ],
)
def test_folders_that_a_variable_names_are_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, named: bool
) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", value.format(folder=tmp_path))
    targets = {mount.target for mount in indexes.settings(Bare()).mounts}
    assert (str(tmp_path) in targets) is named and "/etc/ssl/certs" not in targets


def test_folders_and_certificates_that_a_file_names_are_seen_and_others_are_not(
    home: Path, tmp_path: Path
) -> None:
    sources = {mount.source for mount in indexes.settings(Bare()).mounts}
    assert (tmp_path / "wheels").resolve() in sources
    assert home / "uv" / "uv.toml" in sources and Path("/") not in sources
