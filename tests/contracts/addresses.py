"""Every address of the product, walked from the root, and arguments that fill each of them.

addresses()  ──>  Address(name="tracks:run", rule=Permission.READ, arguments=("project", "run"))
World        ──>  one project with a sprint, a track, runs, a failing test and people in each role
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.core import signing
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from reports import actions as conclusions
from reports.models import Verification
from reports.statuses import DecisionKind, DiagnosisKind, Format, GateKind
from tests import factories
from tests.reports.approving import merges, push, say
from tests.reports.publishing import publish
from tracks import actions
from tracks.models import CheckResult, Invitation, User
from tracks.statuses import NoticeKind, Role, Standing
from tracks.web.accounts import sign_in_path

EXCEPTIONS = {
    "admin": "Django's own, for operators only; its sign-in is ours (tracks/admin.py)",
}
"""Namespaces whose views carry no rule of ours, and why."""


@dataclass(frozen=True)
class Address:
    name: str
    view: Callable[..., object]
    arguments: tuple[str, ...]

    @property
    def rule(self) -> object:
        return getattr(self.view, "access_rule", None)

    def __str__(self) -> str:
        return self.name


def addresses() -> list[Address]:
    return list(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, namespace: str) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            name = f"{namespace}:{pattern.name}" if namespace else str(pattern.name)
            yield Address(name, pattern.callback, tuple(pattern.pattern.regex.groupindex))
        elif pattern.namespace not in EXCEPTIONS:
            yield from _walk(pattern, pattern.namespace or namespace)


class World:
    """One of everything, in the project whose lead is Lena."""

    def __init__(self, *, repository: str) -> None:
        lena = factories.create_user(name="Lena")
        self.project = factories.create_project(name="Ledger", by=lena, repository=repository)
        self.members: dict[Role, User] = {Role.LEAD: lena} | {
            role: factories.create_member(project=self.project, role=role, name=name)
            for role, name in ((Role.TESTER, "Tess"), (Role.DEVELOPER, "Dev"), (Role.READER, "Dev"))
        }
        self.olga = factories.create_member(project=factories.create_project(), role=Role.LEAD, name="Olga")
        self.sprint = factories.create_sprint(project=self.project)
        self.baseline = factories.create_baseline(sprint=self.sprint, passed=3, failed=1)
        self.track = factories.create_track(sprint=self.sprint)
        self.criterion = factories.create_criterion(track=self.track)
        self.run = factories.create_run(track=self.track, passed=2, failed=1, errors=1, skipped=1)
        CheckResult.objects.create(
            run=self.run, criterion=self.criterion.pk, standing=Standing.HOLDS, output="seen", seconds=1
        )
        comparison = conclusions.kept_comparison(self.baseline, self.run)
        self.finding = factories.create_finding(track=self.track, found_in=self.run)
        retest = factories.create_run(track=self.track, passed=2, failed=1)
        conclusions.verify_due(self.sprint, now=factories.NOON)
        self.verification = Verification.objects.get(finding=self.finding, run=retest)
        self.diagnosis = conclusions.start_diagnosis(
            DiagnosisKind.STABILITY, comparison, by=lena, now=timezone.now()
        )
        self.sprint.refresh_from_db()
        self.integration = conclusions.start_integration(
            self.sprint, [self.track], by=lena, now=timezone.now()
        )
        self.question = factories.create_question(track=self.track)
        push(self.track, retest.sha)
        merges(self.track, base=self.baseline.sha, head=retest.sha)
        self.decision = say(self.track, DecisionKind.REJECTED)
        claimed = factories.create_finding(track=self.track, tests=[3])
        self.claim = actions.findings.claim_fix(
            [claimed], sha=self.run.sha, note="", by=self.members[Role.DEVELOPER], now=timezone.now()
        )
        self.waiver = conclusions.waive(
            self.track,
            GateKind.CRITERIA,
            sha=retest.sha,
            reason="Nobody has looked yet.",
            expires_at=factories.NOON + timedelta(days=7),
            by=lena,
            now=factories.NOON,
        )
        tick = actions.tick_criterion(
            self.run, self.criterion.pk, holds=True, evidence="seen", by=lena, now=timezone.now()
        )
        self.attachment = actions.attach(tick=tick, name="log.txt", content=b"x", by=lena, now=timezone.now())
        actions.set_secret(
            self.project, name="TOKEN", value="0123456789", every_branch=False, by=lena, now=timezone.now()
        )
        self.publication = publish(self.sprint, by=lena)
        asked = conclusions.ask_for_rendering(
            self.sprint, Format.PDF, publication=self.publication, by=lena, now=timezone.now()
        )
        claimed_file = conclusions.claim_rendering(asked.pk, now=timezone.now())
        assert claimed_file
        conclusions.keep_file(claimed_file, b"%PDF-", now=timezone.now())
        self.rendering = asked
        self.link, _ = conclusions.share(self.publication, label="", days=30, by=lena, now=timezone.now())
        self.badge = conclusions.make_badge(self.sprint, by=lena, now=timezone.now())
        actions.tell(NoticeKind.COMMITS, [lena], "New commits.", track=self.track, now=timezone.now())
        actions.invite(self.project, email="new@example.org", role=Role.READER, by=lena, now=timezone.now())

    @cached_property
    def arguments(self) -> dict[str, object]:
        failure = self.run.failures.select_related("test").first()
        assert failure
        return {
            "project": self.project.slug,
            "sprint": self.sprint.slug,
            "key": self.track.key,
            "run": self.run.pk,
            "number": failure.test.number,
            "base": self.baseline.pk,
            "head": self.run.pk,
            "diagnosis": self.diagnosis.pk,
            "decision": self.decision.pk,
            "integration": self.integration.pk,
            "edition": self.publication.number,
            "section": "concerns",
            "other": self.publication.number,
            "kind": "md",
            "rendering": self.rendering.pk,
            "link": self.link.pk,
            "badge": self.badge.pk,
            "badge_token": self.badge.token,
            "notice": self.members[Role.LEAD].notices.earliest("pk").pk,
            "branch": self.track.branch,
            "claim": self.claim.pk,
            "number_of_finding": self.question.number,
            "finding": self.finding.pk,
            "verification": self.verification.pk,
            "member": self.members[Role.READER].pk,
            "invitation": Invitation.objects.get().pk,
            "template": "exists",
            "criterion": self.criterion.pk,
            "attachment": self.attachment.pk,
            "gate": "merges",
            "waiver": self.waiver.pk,
            "secret": self.project.secrets.get().pk,
            "token": sign_in_path(self.olga).split("/")[-2],
            "uidb36": "1",
            "key_of_reset": signing.dumps("x"),
        }

    def path(self, address: Address, **other: object) -> str:
        """Raises KeyError for an argument that ``arguments`` does not know: add it there."""
        known = self.arguments | other
        if {"key", "number"} <= set(address.arguments):
            known["number"] = known["number_of_finding"]
        if "uidb36" in address.arguments:
            known["key"] = known["key_of_reset"]
        return reverse(address.name, kwargs={name: known[name] for name in address.arguments})
