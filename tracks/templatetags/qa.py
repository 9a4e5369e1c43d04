"""What every page shows the same way; loaded by ``{% load qa %}``.

{% outcome "failed" %}      ▲            {% bar counts total %}   an SVG bar
{% figure "failed" 20 %}    ▲ 20         {% node_id id %}         breaks at / :: [
{% age run.ended_at %}      2 h ago      {{ run.sha|short }}      264a9b0
{{ finding.impact|markdown }}   HTML that may stand in a page
"""

from collections.abc import Mapping
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from tracks import markdown as markdowns
from tracks.models import Project, Run, Shard
from tracks.models.run import Tally
from tracks.statuses import SHAPES, Outcome
from tracks.web import hosting, runs_in_words, shapes

register = template.Library()
register.filter("duration", shapes.duration)
register.filter("about", shapes.about)
register.filter("printable", shapes.printable)


@register.simple_tag
def outcome(value: str, label: bool = False) -> SafeString:  # noqa: FBT001  template tags take no keyword-only
    """The outcome's shape; its word beside it, or only for who does not see it."""
    known = Outcome(value)
    said = format_html("{}" if label else '<span class="sr">{}</span>', known.value)
    return format_html(
        '<span class="o o-{}"><i aria-hidden="true">{}</i>{}</span>', known, SHAPES[known], said
    )


@register.simple_tag
def figure(value: str, count: int, href: str = "", *, label: bool = False) -> SafeString:
    """A number of tests with the outcome, as a link where ``href`` is given."""
    known = Outcome(value)
    shown = format_html(
        '<span class="o o-{}{}"><i aria-hidden="true">{}</i>{} <span class="{}">{}</span></span>',
        known,
        "" if count else " zero",
        SHAPES[known],
        count,
        "small" if label else "sr",
        shapes.word(known, count),
    )
    return format_html('<a href="{}">{}</a>', href, shown) if href and count else shown


@register.simple_tag
def figures(run: Tally, href: str = "") -> SafeString:
    """The run's figures: passed, failed and errors always, the others where there are any."""
    always = {Outcome.PASSED, Outcome.FAILED, Outcome.ERROR}
    counts = runs_in_words.counts_of(run)
    shown = [
        figure(outcome, count, f"{href}?outcome={outcome}#results" if href else "")
        for outcome, count in counts.items()
        if count or outcome in always
    ]
    return format_html(
        '<span class="figures">{}</span>', format_html_join(" ", "{}", ((each,) for each in shown))
    )


@register.simple_tag
def bar(counts: Mapping[Outcome, int], total: int, kind: str = "") -> SafeString:
    rects = format_html_join(
        "",
        '<rect class="f-{}" x="{}" width="{}" height="10"/>',
        ((segment.outcome, segment.x, segment.width) for segment in shapes.segments(counts, total)),
    )
    return format_html(
        '<svg class="bar {}" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="{}">'
        "{}</svg>",
        kind,
        shapes.counts_in_words(counts, total),
        rects,
    )


@register.simple_tag
def run_bar(run: Tally, total: int = 0, kind: str = "") -> SafeString:
    """The run's bar; ``total`` is what it is measured by where the run itself does not know yet."""
    return bar(runs_in_words.counts_of(run), run.collected or total, kind)


@register.simple_tag
def outcome_legend() -> SafeString:
    return format_html_join(" ", "{}", ((outcome(each, label=True),) for each in SHAPES))


@register.filter
def node_id(value: str) -> SafeString:
    """The id of a test, isolated from the text around it, with places where its line may break."""
    pieces = (escape(piece) for piece in shapes.parts_of_id(shapes.printable(value)))
    return mark_safe("<wbr>".join(pieces))  # noqa: S308  each piece is escaped above


@register.filter
def markdown(text: str) -> SafeString:
    """What a person wrote in Markdown, as HTML."""
    return mark_safe(f'<div class="prose">{markdowns.to_html(text)}</div>')  # noqa: S308  cleaned by nh3


@register.filter
def short(sha: str) -> str:
    return sha[:7]


@register.simple_tag
def commit_link(project: Project, sha: str) -> SafeString:
    """The commit's short name, leading to its page where the repository has one."""
    url = hosting.commit_url(project.repository, sha)
    name = format_html("<code>{}</code>", sha[:7])
    return format_html('<a href="{}" rel="noreferrer">{}</a>', url, name) if url else name


@register.simple_tag
def age(then: datetime | None) -> SafeString:
    if then is None:
        return mark_safe("—")
    return format_html(
        '<time datetime="{}" title="{}" data-age>{}</time>',
        then.isoformat(),
        then.strftime("%-d %B %Y, %H:%M:%S UTC"),
        shapes.age(then, timezone.now()),
    )


@register.filter
def run_name(run: Run) -> str:
    return runs_in_words.name(run)


@register.filter
def under_test(run: Run) -> str:
    return runs_in_words.under_test(run)


@register.filter
def iteration_name(run: Run) -> str:
    return runs_in_words.iteration_name(run)


@register.filter
def run_seconds(run: Run) -> float | None:
    return runs_in_words.seconds(run)


@register.simple_tag
def state_chip(run: Run | Shard) -> SafeString:
    tone, text = runs_in_words.state(run)
    return format_html('<span class="chip {}">{}</span>', tone, text)
