"""``python -m bench`` measures all that is short, ``python -m bench NAME`` one subject in this process."""

import argparse
import importlib
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any

from bench import surroundings


@dataclass(frozen=True)
class Bench:
    """``main`` of the module ``bench.<name>`` measures ``subject``; it is given what ``place`` yields."""

    subject: str
    place: Callable[[], AbstractContextManager[tuple[Any, ...]]]
    minutes: int = 0
    """More than two: it is carried out by name only."""


PRODUCT = surroundings.installation
BENCHES = {
    "vectors": Bench(
        "a run as vectors beside one row a result: bytes, storing, comparing", surroundings.nothing
    ),
    "compare": Bench("comparing two runs, beside a full join over one row a result", surroundings.servers),
    "compare_page": Bench("the compare page of 100,000 tests, by every filter", surroundings.servers),
    "judging": Bench(
        "judging a run's criteria, beside a bare read of its tests' names", surroundings.servers
    ),
    "readiness": Bench(
        "saying how far a sprint's tracks are from being merged, beside a bare read", surroundings.servers
    ),
    "report": Bench("the report of a large sprint in each format, beside a bare read", surroundings.servers),
    "makespan": Bench("how evenly 64 workers would be used", surroundings.nothing),
    "live": Bench("from a test's end to the page that counts it", partial(PRODUCT, web=True)),
    "crowd": Bench("200 open pages of one run beside one", partial(PRODUCT, web=True)),
    "overhead": Bench("recording 5,000 tests beside bare pytest", surroundings.servers, minutes=4),
    "shards": Bench("a suite on two workers beside one", partial(PRODUCT, web=False), minutes=5),
}


def main() -> None:
    listing = "\n".join(f"  {name:<12} {bench.subject}{_takes(bench)}" for name, bench in BENCHES.items())
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="What the project measures of itself.",
        epilog=f"benches:\n{listing}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", nargs="?", choices=BENCHES, help="left out: all that take less than minutes")
    name = parser.parse_args().name
    if name:
        with BENCHES[name].place() as given:
            importlib.import_module(f"bench.{name}").main(*given)
        return
    for name in (name for name, bench in BENCHES.items() if not bench.minutes):
        print(f"\n── {name}: {BENCHES[name].subject}\n", flush=True)
        subprocess.run([sys.executable, "-m", "bench", name], check=True)


def _takes(bench: Bench) -> str:
    return f" (about {bench.minutes} minutes)" if bench.minutes else ""


if __name__ == "__main__":
    main()
