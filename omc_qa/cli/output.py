"""How the commands print: one console; where nobody's terminal sets its width, wide enough for a table."""

import sys

from rich.console import Console

WIDTH = 160

console = Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else WIDTH)
