"""People's Markdown becomes HTML in which nothing runs, whatever they write."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile import TEXTS
from tracks.markdown import HIGHLIGHTED, LANGUAGES, LENGTH, to_html, to_text

FORBIDDEN = {"script", "style", "img", "iframe", "object", "svg", "form", "input", "link", "meta", "base"}
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
"""As a browser reads it, past white space and control characters."""


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def elements(html: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Elements()
    parser.feed(html)
    return parser.found


def assert_harmless(html: str) -> None:
    for tag, attributes in elements(html):
        assert tag not in FORBIDDEN
        assert not [name for name in attributes if name.startswith("on") or name in {"style", "id", "src"}]
        scheme = SCHEME.match(re.sub(r"[\0-\x20]", "", attributes.get("href") or ""))
        assert not scheme or scheme[1] in {"http", "https", "mailto"}


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_of_a_hostile_text_can_run(text: str):
    assert_harmless(to_html(text))
    assert_harmless(to_html(f"# {text}\n\n[{text}]({text})\n\n| {text} |\n|---|\n| {text} |"))
    assert_harmless(to_html(f"```{text}\n{text}\n```"))


@given(st.text(alphabet="<>&\"'()[]!`*_#|:/ jsonerimgp\n\t", max_size=200))
def test_no_text_makes_an_element_that_could_run(text: str):
    assert_harmless(to_html(text))


def test_headings_stand_below_those_of_the_page():
    assert to_html("# Cause\n\n###### deep").split() == ["<h3>Cause</h3>", "<h6>deep</h6>"]


def test_tables_lists_and_code_are_kept():
    html = to_html("| a |\n|---|\n| 1 |\n\n- x\n\n```python\nimport os\n```")
    assert {"table", "li", "pre", "code", "span"} <= {tag for tag, _ in elements(html)}
    assert '<span class="hl-kn">import</span>' in html


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_short_block_of_a_known_language_is_coloured_and_a_long_one_is_not(language: str):
    line = '+ <b a="1">1</b>\n'
    assert "hl-" in to_html(f"```{language}\n{line}```")
    assert "hl-" not in to_html(f"```{language}\n{line * HIGHLIGHTED}```")


def test_a_language_whose_patterns_take_seconds_is_not_coloured():
    assert "hl-" not in to_html("```c\nint main() { return 0; }\n```")


def test_a_language_that_nobody_knows_leaves_the_code_as_it_is():
    assert "&lt;b&gt;" in to_html("```no-such-language\n<b>\n```")


def test_a_link_tells_the_other_side_nothing():
    assert 'rel="noopener noreferrer nofollow"' in to_html("[docs](https://example.org)")


def test_pictures_are_not_loaded():
    assert "<img" not in to_html("![x](https://example.org/x.png)")


def test_what_is_too_long_is_cut_and_says_so():
    html = to_html("word " * LENGTH)
    assert "cut after 20,000 characters" in html
    assert len(html) < LENGTH + 200


def test_deep_nesting_ends():
    assert to_html(">" * 5000 + " deep").count("<blockquote>") <= 20


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It was **looked** at.", "It was looked at."),
        ("# Why\n\n- `a` fails\n- see [here](https://example.org)\n", "Why a fails see here"),
        ("one\ntwo  \nthree\n\n```python\nx = 1\n```", "one two three x = 1"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a b 1 2"),
        ("<b>as it is</b>", "<b>as it is</b>"),
        ("", ""),
    ],
)
def test_the_words_of_a_text_stand_in_one_line_without_the_marks(text, words):
    assert to_text(text) == words
