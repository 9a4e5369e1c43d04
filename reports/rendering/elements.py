"""Elements of HTML and SVG; pure. What ``Html`` is was made here, every text in it escaped.

element("a", words("<b>"), href="#x", class_="self")  ──>  <a href="#x" class="self">&lt;b&gt;</a>
"""

from collections.abc import Iterable
from html import escape
from typing import NewType

from reports.rendering.characters import plain

Html = NewType("Html", str)


def element(name: str, *inner: Html, **attributes: object) -> Html:
    """An element; in the names of its attributes ``_`` is ``-``, and goes from their end."""
    named = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{words(str(value))}"' for key, value in attributes.items()
    )
    return Html(f"<{name}{named}>{joined(inner)}</{name}>")


def joined(parts: Iterable[Html]) -> Html:
    return Html("".join(parts))


def words(text: str) -> Html:
    """The text, in which no mark means anything."""
    return Html(escape(plain(text)))
