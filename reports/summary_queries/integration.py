"""The latest trial integration of a sprint that merged anything, or found that nothing merges."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reports.integration_queries import broken_together, has_passed
from reports.interactions import InteractionKind
from reports.models import Integration
from reports.summary.facts import IntegrationTold, InteractionTold, LeftOutTold, RunTold
from reports.summary_queries.names import first_named

FILES = 50
"""So many files of a track that was left out are named."""
SENTENCES = 3


def numbers_in(integration: Integration) -> Iterator[int]:
    """Of the tests that it names."""
    return (each["test"] for each in integration.interactions)


def integration_told(
    integration: Integration, run: RunTold | None, names: Mapping[int, str]
) -> IntegrationTold:
    passed, sentence = has_passed(integration)
    return IntegrationTold(
        integration=integration.pk,
        base=integration.base_sha,
        merged=tuple(each["key"] for each in integration.merged),
        left_out=tuple(map(_left_out, integration.left_out)),
        run=run,
        passed=passed,
        sentence=sentence,
        together=broken_together(integration),
        interactions=_interactions(integration, InteractionKind.TOGETHER, names),
        by=str(integration.started_by or ""),
        at=integration.started_at,
        alone=_interactions(integration, InteractionKind.ALONE, names),
        shas={each["key"]: each["sha"] for each in integration.tracks},
    )


def _left_out(left: Mapping[str, Any]) -> LeftOutTold:
    conflicts = tuple((each["path"], tuple(each["with"])) for each in left["conflicts"][:FILES])
    return LeftOutTold(left["key"], left["why"], left["files"], conflicts)


def _interactions(
    integration: Integration, kind: InteractionKind, names: Mapping[int, str]
) -> tuple[InteractionTold, ...]:
    """The tests that a search holds in this way against the same tracks, the largest group first."""
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for each in integration.interactions:
        if each.get("kind") == kind:
            groups.setdefault(tuple(each["keys"]), []).append(each)
    told = (_interaction(keys, verdicts, names) for keys, verdicts in groups.items())
    return tuple(sorted(told, key=lambda each: (-each.tests, each.keys)))


def _interaction(
    keys: tuple[str, ...], verdicts: Sequence[Mapping[str, Any]], names: Mapping[int, str]
) -> InteractionTold:
    """Notes of the search may make what is said of tests differ."""
    sentences = list(dict.fromkeys(each["sentence"] for each in verdicts))[:SENTENCES]
    tests = first_named((each["test"] for each in verdicts), names)
    return InteractionTold(keys, len(verdicts), tests, " ".join(sentences))
