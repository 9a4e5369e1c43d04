"""The facts as rows, one file per topic; data and constraints, no workflow.

User ──< Membership >── Project ──< Sprint ──< Track ──< Run ──< Failure, Skip, TestSet, LogChunk
                          │ └──< Secret└ baseline: Run    │└──< Shard ── held by a Worker
                          │                               └ outcomes, durations: vectors over
                          └──< TestCase.number  <───────────  the project's test numbers
"""

from tracks.models.audit import AuditEntry
from tracks.models.people import Invitation, Membership, User
from tracks.models.project import Project
from tracks.models.results import Failure, FailureSignature, FailureText, LogChunk, Skip, TestCase, TestSet
from tracks.models.run import Run, Shard
from tracks.models.secret import Secret
from tracks.models.sprint import Sprint, Track
from tracks.models.worker import Worker

__all__ = [
    "AuditEntry",
    "Failure",
    "FailureSignature",
    "FailureText",
    "Invitation",
    "LogChunk",
    "Membership",
    "Project",
    "Run",
    "Secret",
    "Shard",
    "Skip",
    "Sprint",
    "TestCase",
    "TestSet",
    "Track",
    "User",
    "Worker",
]
