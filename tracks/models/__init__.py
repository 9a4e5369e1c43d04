"""The facts as rows, one file per topic; data and constraints, no workflow.

User ──< Membership >── Project ──< Sprint ──< Track ──< Run ──< Failure, Skip, LogChunk
                          │            └ baseline: Run    └ outcomes, durations: vectors over
                          └──< TestCase.number  <───────────  the project's test numbers
"""

from tracks.models.audit import AuditEntry
from tracks.models.people import Invitation, Membership, User
from tracks.models.project import Project
from tracks.models.results import Failure, FailureSignature, FailureText, LogChunk, Skip, TestCase
from tracks.models.run import Run
from tracks.models.sprint import Sprint, Track

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
    "Skip",
    "Sprint",
    "TestCase",
    "Track",
    "User",
]
