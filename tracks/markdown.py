"""Markdown that people write, as safe HTML; and its words alone, which are escaped as any text is.

    text ──markdown-it──> HTML ──nh3──> only the tags and attributes of the allow-list

markdown-it is told to take no raw HTML and no images; nh3 then parses what it made, so that one mistake of
the first does not reach a page. Code is coloured by Pygments, by class names; but a lexer's patterns take
quadratic time on some texts, so that only short blocks of a few languages are coloured: 2,000 characters
take at most 50 ms there. What has been rendered is kept, for a page shows the same text many times.
"""

from functools import lru_cache
from html import escape

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

LENGTH = 20_000
"""Characters that are rendered; what follows is left out, and that is said."""
HIGHLIGHTED = 2_000
"""A longer block of code is not coloured."""
LANGUAGES = frozenset(
    {
        *("python", "py", "pycon", "pytb", "bash", "sh", "console", "diff", "sql"),
        *("json", "yaml", "toml", "ini", "javascript", "js", "html", "css"),
    }
)
"""Pygments' names of the languages that are coloured."""
KEPT = 128
"""Texts of which the HTML is kept."""

_HEADINGS = 2
"""Levels by which headings move down: a person's text stands below the page's own."""
_TAGS = {
    *("p", "br", "hr", "em", "strong", "s", "code", "pre", "span", "blockquote", "a"),
    *("ul", "ol", "li", "h3", "h4", "h5", "h6"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "span": {"class"}, "code": {"class"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}


@lru_cache(maxsize=KEPT)
def to_html(text: str) -> str:
    """The text as HTML that may stand in a page as it is."""
    return nh3.clean(
        _MARKDOWN.renderer.render(parsed(text), _MARKDOWN.options, {}),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )


def parsed(text: str) -> list[Token]:
    """The text's tokens: no raw HTML and no images are among them."""
    cut = f"{text[:LENGTH]}\n\n*… cut after {LENGTH:,} characters*" if len(text) > LENGTH else text
    return _MARKDOWN.parse(cut)


def to_text(text: str) -> str:
    """The words of the text in one line, without the marks; for lists in which there is room for no more."""
    found: list[str] = []
    for token in _MARKDOWN.parse(text[:LENGTH]):
        found += [_said(child) for child in token.children or ()] or [token.content]
        found.append(" ")
    return " ".join("".join(found).split())


def _said(token: Token) -> str:
    return " " if token.type in ("softbreak", "hardbreak") else token.content


def _coloured(code: str, language: str, _: str) -> str:
    """The code with Pygments' class names; as it is where its language is not coloured, or it is too long."""
    if language not in LANGUAGES or len(code) > HIGHLIGHTED:
        return escape(code)
    lexer = get_lexer_by_name(language, stripnl=False)
    coloured: str = highlight(code, lexer, HtmlFormatter(nowrap=True, classprefix="hl-"))
    return coloured


def _markdown() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "highlight": _coloured, "maxNesting": 20})
    made.enable(["table", "strikethrough"])
    made.disable(["image", "html_block", "html_inline"])
    made.core.ruler.push("headings", _lower)
    return made


def _lower(state: object) -> None:
    for token in state.tokens:  # type: ignore[attr-defined]  # markdown_it.rules_core.StateCore
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + _HEADINGS)}"


_MARKDOWN = _markdown()
