"""How figures are written; pure.

count 1234 ──> 1,234     change 12 ──> +12     share -2.1 ──> −2.1 %
seconds 65 ──> 1 min 5 s     hours 2.5 ──> 2.5 h
"""

MINUS = "\N{MINUS SIGN}"


def count(value: float) -> str:
    return f"{value:,.0f}"


def change(value: float) -> str:
    return _signed(value, f"{abs(value):,.0f}")


def share(value: float) -> str:
    """Of per cent."""
    return f"{_signed(value, f'{abs(value):,.1f}')} %"


def seconds(value: float) -> str:
    whole = round(value)
    parts = [(whole // 3600, "h"), (whole % 3600 // 60, "min"), (whole % 60, "s")]
    return " ".join(f"{each} {unit}" for each, unit in parts if each) or "0 s"


def hours(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".") + " h"


def _signed(value: float, digits: str) -> str:
    sign = "+" if value > 0 else MINUS
    return f"{sign}{digits}" if value else digits
