"""The facts as rows, one file per topic; data and constraints, no workflow.

User ──< Membership >── Project ──< Sprint ──< Track ──< Run ──< Failure, Skip, TestSet, LogChunk
                          │ └──< Secret└ baseline: Run    │└──< Shard ── held by a Worker
                          │                               └ outcomes, durations: vectors over
                          └──< TestCase.number  <───────────  the project's test numbers

Track ──< Finding ──< Claim, Ruling, Comment, Attachment
Track ──< Criterion                  Run ──< CheckResult, Tick
"""

from tracks.models.audit import AuditEntry, AuditLink
from tracks.models.criteria import CheckResult, Criterion, Tick
from tracks.models.findings import Attachment, Claim, Comment, Finding, Ruling
from tracks.models.notices import Notice, NoticeChoice
from tracks.models.people import Invitation, Membership, User
from tracks.models.project import Project
from tracks.models.results import Failure, FailureSignature, FailureText, LogChunk, Skip, TestCase, TestSet
from tracks.models.run import Run, Shard
from tracks.models.secret import Secret
from tracks.models.sprint import Sprint, Track
from tracks.models.worker import Worker

__all__ = [
    "Attachment",
    "AuditEntry",
    "AuditLink",
    "CheckResult",
    "Claim",
    "Comment",
    "Criterion",
    "Failure",
    "FailureSignature",
    "FailureText",
    "Finding",
    "Invitation",
    "LogChunk",
    "Membership",
    "Notice",
    "NoticeChoice",
    "Project",
    "Ruling",
    "Run",
    "Secret",
    "Shard",
    "Skip",
    "Sprint",
    "TestCase",
    "TestSet",
    "Tick",
    "Track",
    "User",
    "Worker",
]
