"""docker-compose.yml: read as it stands, then played by starting its services' own commands."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import yaml

from tests.deployment.compose import FOLDER, Service, services
from tests.omc_qa.cli.test_up import free_port
from tests.waiting import wait_for

SECRETS = {"POSTGRES_PASSWORD": "word", "REDIS_PASSWORD": "word", "OMC_QA_SECRET_KEY": "k" * 50}
VARIABLES = SECRETS | {"OMC_QA_HTTPS": "0"}
ALL = services(VARIABLES)
CHECK_OF_BEAT = ALL["beat"].raw["healthcheck"]["test"][1]
OURS = sorted(name for name, service in ALL.items() if service.is_ours)
LASTING = sorted(set(ALL) - {"migrate"})


def test_it_names_the_services_of_the_production_example():
    assert set(ALL) == {"postgres", "redis", "migrate", "web", "worker", "beat"}
    assert ALL["postgres"].raw["image"] == "postgres:17"
    assert ALL["redis"].raw["image"] == "redis:7"


@pytest.mark.parametrize("name", LASTING)
def test_each_lasting_service_has_a_health_check_a_limit_and_comes_back(name):
    raw = ALL[name].raw
    assert raw["healthcheck"]["test"]
    assert raw["mem_limit"]
    assert raw["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", OURS)
def test_our_services_run_as_an_ordinary_user_of_the_dockerfile(name):
    assert ALL[name].raw["user"] == "10001:10001"
    assert "useradd --uid 10001 " in (FOLDER / "Dockerfile").read_text()
    stages = re.findall(r"^FROM \S+ AS (\w+)", (FOLDER / "Dockerfile").read_text(), re.MULTILINE)
    assert ALL[name].raw["build"]["target"] in stages


@pytest.mark.parametrize("name", ["postgres", "redis", "worker"])
def test_what_has_to_last_lies_on_a_named_volume(name):
    volumes = yaml.safe_load((FOLDER / "docker-compose.yml").read_text())["volumes"]
    [mounted] = ALL[name].raw["volumes"]
    assert mounted.split(":")[0] in volumes


def test_nothing_is_started_before_what_it_needs():
    for name in ("web", "worker", "beat"):
        assert ALL[name].raw["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
        assert ALL[name].raw["depends_on"]["postgres"]["condition"] == "service_healthy"


@pytest.mark.parametrize("missing", sorted(SECRETS))
def test_a_secret_that_is_not_given_is_asked_for(missing):
    with pytest.raises(KeyError, match=missing):
        services({name: value for name, value in VARIABLES.items() if name != missing})


def test_workers_can_be_scaled():
    assert "container_name" not in ALL["worker"].raw
    assert "ports" not in ALL["worker"].raw


@pytest.fixture
def database() -> Iterator[str]:
    """An empty database beside the tests' own, as a URL."""
    server = os.environ["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS composed WITH (FORCE)")
        connection.execute("CREATE DATABASE composed")
        yield server.replace("/omc_qa?", "/composed?")
        connection.execute("DROP DATABASE composed WITH (FORCE)")


@pytest.fixture
def start(
    database: str, tmp_path: Path
) -> Iterator[Callable[[Service, dict[str, str]], "subprocess.Popen[bytes]"]]:
    """Start a service's own command and environment; only addresses and folders are this machine's."""
    started: list[subprocess.Popen[bytes]] = []

    def begin(service: Service, here: dict[str, str]) -> "subprocess.Popen[bytes]":
        program, *arguments = service.command
        folder = Path(sys.executable).parent
        machine = {
            "PATH": f"{folder}:{os.environ['PATH']}",
            "HOME": str(tmp_path),
            "HOSTNAME": socket.gethostname(),
        }
        with (tmp_path / f"{service.name}.log").open("wb") as log:
            process = subprocess.Popen(
                [shutil.which(program, path=machine["PATH"]), *(here.get(word, word) for word in arguments)],
                cwd=FOLDER,
                env=machine
                | service.environment
                | {"DATABASE_URL": database, "REDIS_URL": os.environ["REDIS_URL"]}
                | here,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        started.append(process)
        return process

    yield begin
    for process in reversed(started):
        process.terminate()
    for process in started:
        process.wait(30)
    for log in sorted(tmp_path.glob("*.log")):
        print(f"── {log.name}\n{log.read_text()[-3000:]}")


SPRINT = """
import django, sys
django.setup()
from pathlib import Path
from omc_qa.demo import sprint
sprint.start(Path(sys.argv[1]))
"""


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_the_services_own_commands_play_the_sample_sprint(start, database, tmp_path):
    port = free_port()
    here = {
        "OMC_QA_DATA": str(tmp_path / "data"),
        "0.0.0.0:8000": f"127.0.0.1:{port}",
        "/tmp/celerybeat-schedule": str(tmp_path / "celerybeat-schedule"),
    }
    replaced = {
        "http://127.0.0.1:8000/health": f"http://127.0.0.1:{port}/health",
        CHECK_OF_BEAT: CHECK_OF_BEAT.replace("/tmp ", f"{tmp_path} "),
    }
    assert start(ALL["migrate"], here).wait(60) == 0
    for name in ("web", "worker", "beat"):
        start(ALL[name], here)
    found = wait_for(lambda: health(port))
    assert found["database"]["ok"] and found["broker"]["ok"]
    wait_for(lambda: health(port).get("status") == "ok")
    for name in ("web", "worker", "beat"):
        wait_for(lambda name=name: start(check_of(ALL[name]), here | replaced).wait(30) == 0)
    play(ALL["web"].environment | {"DATABASE_URL": database}, tmp_path)
    with psycopg.connect(database) as connection:
        wait_for(lambda: ended(connection) == 3, seconds=150)
        rows = connection.execute(
            "SELECT state, passed, failed, errors FROM tracks_run ORDER BY id"
        ).fetchall()
    assert rows[:2] == [("finished", 579, 33, 48), ("finished", 563, 20, 77)]
    assert {state for state, *_ in rows} == {"finished"}
    assert list(tmp_path.glob("celerybeat-schedule*")), "beat has scheduled"


def check_of(service: Service) -> Service:
    """A service's health check, as a service: what the engine would run inside of its container."""
    kind, *command = service.raw["healthcheck"]["test"]
    raw = {"command": ["sh", "-c", *command] if kind == "CMD-SHELL" else command}
    return Service(f"{service.name}-check", service.raw | raw)


def health(port: int) -> dict:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return json.load(answer)
    except OSError:
        return {}


def play(environment: dict[str, str], folder: Path) -> None:
    variables = os.environ | environment | {"REDIS_URL": os.environ["REDIS_URL"]}
    variables |= {"DJANGO_SETTINGS_MODULE": "omc_qa.settings"}
    subprocess.run(
        [sys.executable, "-c", SPRINT, str(folder / "sample")],
        cwd=FOLDER,
        env=variables,
        check=True,
        timeout=60,
    )


def ended(connection: psycopg.Connection) -> int:
    [[count]] = connection.execute("SELECT count(*) FROM tracks_run WHERE ended_at IS NOT NULL").fetchall()
    connection.commit()
    return int(count)
