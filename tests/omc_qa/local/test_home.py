"""Where a local installation keeps its things."""

import os
import stat

import pytest

from omc_qa.local.errors import LocalError
from omc_qa.local.home import Home


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home whose sockets lie below ``tmp_path``, too."""
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    return Home(tmp_path / "qa")


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_logs_data_and_secrets_are_for_the_owner_only(home):
    home.prepare()
    home.secret("key")
    assert (mode(home.logs), mode(home.data)) == (0o700, 0o700)
    assert mode(home.root / "secrets.json") == 0o600
    assert mode(home.sockets) & 0o022 == 0


def test_a_secret_is_made_once(home):
    assert home.secret("key") == home.secret("key") != home.secret("database")


def test_a_link_that_somebody_laid_in_the_place_of_the_sockets_is_refused(home, tmp_path):
    (tmp_path / "precious").mkdir()
    home.sockets.symlink_to(tmp_path / "precious")
    owner = (tmp_path / "precious").stat().st_uid
    with pytest.raises(LocalError, match="Remove it, then start again"):
        home.prepare()
    assert (tmp_path / "precious").stat().st_uid == owner


def test_a_sockets_folder_that_others_may_write_to_is_refused(home):
    home.sockets.mkdir()
    home.sockets.chmod(0o777)
    with pytest.raises(LocalError, match="open to others"):
        home.prepare()


def test_what_the_environment_names_is_used_and_not_embedded(home, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/qa")
    monkeypatch.delenv("REDIS_URL")
    environment = home.environment()
    assert environment["DATABASE_URL"] == "postgresql://elsewhere/qa"
    assert environment["REDIS_URL"] == f"redis+socket://{home.sockets}/valkey.sock"


def test_only_one_at_a_time_may_hold_a_home(home):
    with home.held(), pytest.raises(LocalError, match=f"process {os.getpid()}"), home.held():
        pass
