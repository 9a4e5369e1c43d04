"""What a run's vectors cannot say: the tests' names, why something broke, why something was skipped."""

from django.db import models

from tracks.models.choices import choices, one_of
from tracks.models.project import Project
from tracks.models.run import Run
from tracks.statuses import Outcome, Phase, SetKind


class TestCase(models.Model):
    """A test of a project, numbered once. ``digest`` is the md5 of ``node_id``: an index of fixed width."""

    __test__ = False

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="tests")
    number = models.PositiveIntegerField()
    node_id = models.TextField()
    digest = models.UUIDField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="testcase_number_once"),
            models.UniqueConstraint(fields=["project", "digest"], name="testcase_node_id_once"),
        ]

    def __str__(self) -> str:
        return self.node_id


class FailureSignature(models.Model):
    """What makes two failures "the same error"; computed by tracks.signatures.

    ``title`` and ``chain`` are those of the failure that was signed first: ``[{"said": "KeyError: 'id'",
    "link": "cause"}, …]``, root first.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="signatures")
    version = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    exception = models.TextField()
    message = models.TextField(blank=True)
    frame = models.TextField(blank=True)
    title = models.TextField()
    chain = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "version", "digest"], name="signature_once"),
        ]

    def __str__(self) -> str:
        return self.title


class FailureText(models.Model):
    """A traceback, stored once however many tests end with it."""

    digest = models.UUIDField(primary_key=True)
    text = models.TextField()

    def __str__(self) -> str:
        return str(self.digest)


class Failure(models.Model):
    """A test that failed or ended in an error, in one run."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="failures")
    test = models.ForeignKey(TestCase, on_delete=models.CASCADE, related_name="failures")
    outcome = models.CharField(max_length=8, choices=choices(Outcome))
    phase = models.CharField(max_length=8, choices=choices(Phase))
    message = models.TextField(blank=True)
    signature = models.ForeignKey(FailureSignature, on_delete=models.PROTECT, related_name="failures")
    text = models.ForeignKey(FailureText, on_delete=models.PROTECT, related_name="failures")
    fixture = models.CharField(max_length=200, blank=True)
    """The fixture that failed, where the test's setup did and pytest told which; and its scope."""
    fixture_scope = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "test"], name="failure_once")]

    def __str__(self) -> str:
        return f"{self.test}: {self.message}"


class Skip(models.Model):
    """A test that was skipped or failed as expected, in one run, and the reason that it gave."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="skips")
    test = models.ForeignKey(TestCase, on_delete=models.CASCADE, related_name="skips")
    outcome = models.CharField(max_length=8, choices=choices(Outcome))
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "test"], name="skip_once")]

    def __str__(self) -> str:
        return f"{self.test}: {self.reason}"


class TestSet(models.Model):
    """Tests of a run, as one of its shards has told, that bear a marker or were deselected."""

    __test__ = False

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="test_sets")
    shard = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=12, choices=choices(SetKind))
    name = models.CharField(max_length=100, blank=True)
    """Of the marker."""
    tests = models.BinaryField()
    """Numbers, packed by tracks.vectors."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=one_of("kind", SetKind), name="test_set_kind_known"),
            models.UniqueConstraint(fields=["run", "shard", "kind", "name"], name="test_set_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".strip()


class LogChunk(models.Model):
    """Some of what a run's commands printed, in order of ``id``."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="log")
    shard = models.PositiveSmallIntegerField(default=0)
    """The number of the shard that printed it."""
    text = models.TextField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:80]
