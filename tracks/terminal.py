"""Terminal codes in what commands print: colours, cursor movements, titles; pure.

"\\x1b[31mE\\x1b[0m"  ──>  "E"
"""

import re

_CODE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")


def without_codes(text: str) -> str:
    """The text alone; linear in its length."""
    return _CODE.sub("", text)
