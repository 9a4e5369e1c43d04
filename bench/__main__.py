"""``python -m bench`` measures everything, ``python -m bench NAME`` one subject."""

import argparse
from collections.abc import Callable

from bench import vectors

BENCHES: dict[str, tuple[Callable[[], None], str]] = {
    "vectors": (vectors.main, "a run as vectors beside one row a result: bytes, storing, comparing"),
}


def main() -> None:
    listing = "\n".join(f"  {name:<10} {subject}" for name, (_, subject) in BENCHES.items())
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="What the project measures of itself.",
        epilog=f"benches:\n{listing}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", nargs="?", choices=BENCHES, help="the bench to run; left out: all of them")
    name = parser.parse_args().name
    for run, _ in [BENCHES[name]] if name else BENCHES.values():
        run()


if __name__ == "__main__":
    main()
