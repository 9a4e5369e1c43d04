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
_OF_NO_TRACK = (InteractionKind.BASE, InteractionKind.FLAKY)
"""Kinds of what the tracks have not broken."""


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
        interactions=_interactions(integration, names),
        by=str(integration.started_by or ""),
        at=integration.started_at,
    )


def _left_out(left: Mapping[str, Any]) -> LeftOutTold:
    conflicts = tuple((each["path"], tuple(each["with"])) for each in left["conflicts"][:FILES])
    return LeftOutTold(left["key"], left["why"], left["files"], conflicts)


def _interactions(integration: Integration, names: Mapping[int, str]) -> tuple[InteractionTold, ...]:
    """The tests with the same verdict together, the largest group first."""
    groups: dict[tuple[tuple[str, ...], str], list[int]] = {}
    for each in integration.interactions:
        if each.get("kind") not in _OF_NO_TRACK:
            said = (tuple(each.get("keys", ())), each.get("sentence", ""))
            groups.setdefault(said, []).append(each["test"])
    told = (_interaction(keys, sentence, tests, names) for (keys, sentence), tests in groups.items())
    return tuple(sorted(told, key=lambda each: (-each.tests, each.keys, each.sentence)))


def _interaction(
    keys: tuple[str, ...], sentence: str, tests: Sequence[int], names: Mapping[int, str]
) -> InteractionTold:
    return InteractionTold(keys, len(tests), first_named(tests, names), sentence)
