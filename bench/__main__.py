"""``python -m bench`` lists what can be measured, ``python -m bench NAME`` measures it."""

import argparse
from collections.abc import Callable

from bench import vectors

BENCHES: dict[str, tuple[Callable[[], int], str]] = {
    "vectors": (vectors.main, "a run as vectors beside one row a result: bytes, storing, comparing"),
}


def main() -> int:
    listing = "\n".join(f"  {name:<10} {subject}" for name, (_, subject) in BENCHES.items())
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="What the project measures of itself.",
        epilog=f"benches:\n{listing}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", nargs="?", choices=BENCHES, help="the bench to run")
    name = parser.parse_args().name
    if name is None:
        parser.print_help()
        return 0
    run, _ = BENCHES[name]
    return run()


if __name__ == "__main__":
    raise SystemExit(main())
