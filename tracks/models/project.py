"""A git repository and how to test it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tracks import patterns
from tracks.models.choices import choices, one_of
from tracks.models.people import User
from tracks.statuses import Network, ShardBy


class Project(models.Model):
    """Its commands are shell lines, run inside the sandbox; a run freezes a copy of them."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    repository = models.CharField(max_length=500)
    default_branch = models.CharField(max_length=255, default="main")
    subdir = models.CharField(max_length=255, blank=True)
    setup = models.TextField(blank=True)
    before = models.TextField(blank=True)
    test = models.TextField(default="python -m pytest")
    after = models.TextField(blank=True)
    env = models.JSONField(default=dict, blank=True)
    python = models.CharField(max_length=500, blank=True)
    """An interpreter whose environment is used as it is; empty: one is built for each lock file."""
    network = models.CharField(max_length=16, choices=choices(Network), default=Network.NONE.value)
    """What the tests reach."""
    services = models.JSONField(default=list, blank=True)
    """Started empty for each run: ``[{"kind": "postgres", "variables": {"DATABASE_URL": "{url}"}}]``."""
    needs = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    """Tags that a worker must have to take its runs, beside those of the services."""
    protected_branches = ArrayField(models.CharField(max_length=255), default=list, blank=True)
    """Beside the default branch: what is on them was reviewed, and may be given secrets."""
    masks = ArrayField(models.CharField(max_length=patterns.LENGTH), default=list, blank=True)
    """Regular expressions for what varies in its errors' messages, see tracks.own_masks."""
    shards = models.PositiveSmallIntegerField(default=1)
    """Into how many parts a run is split."""
    shard_by = models.CharField(max_length=8, choices=choices(ShardBy), default=ShardBy.FILE.value)
    runs_again = models.BooleanField(default=False)
    """Tests that a track newly breaks are run again by themselves, without anybody's asking."""
    finds_commits = models.BooleanField(default=False)
    """The commit that broke them is searched, likewise."""
    retests = models.BooleanField(default=False)
    """New commits on a track's branch are tested without anybody's asking."""
    proves_tests = models.BooleanField(default=False)
    """After a track's run its new tests are run on the baseline's code, and the baseline's tests on the
    branch's code, likewise."""
    repetitions = models.PositiveSmallIntegerField(default=1)
    """How often the tests of a finding must pass at the claimed commit to prove it fixed."""
    approvals = models.PositiveSmallIntegerField(default=1, db_default=1)
    """How many leads must approve a track."""
    separates_duties = models.BooleanField(default=True, db_default=True)
    """Who wrote commits on a branch, or claimed its fixes, may not approve it."""
    trusted = models.BooleanField(default=False)
    """Given by the person at the terminal (``omc-qa try``, the demo): may be a local folder, and may run
    where no sandbox works. Never set from the web."""
    setup_seconds = models.PositiveIntegerField(default=900)
    before_seconds = models.PositiveIntegerField(default=300)
    test_seconds = models.PositiveIntegerField(default=3600)
    after_seconds = models.PositiveIntegerField(default=300)
    one_test_seconds = models.PositiveIntegerField(default=600)
    silent_seconds = models.PositiveIntegerField(default=600)
    memory_mib = models.PositiveIntegerField(default=8192)
    processes = models.PositiveIntegerField(default=512)
    file_mib = models.PositiveIntegerField(default=1024)
    disk_mib = models.PositiveIntegerField(default=10_240)
    output_mib = models.PositiveIntegerField(default=1024)
    next_number = models.PositiveIntegerField(default=1)
    """The number that the next new test gets."""
    draft = models.BooleanField(default=False)
    """Still in the set-up wizard: only its maker sees it."""
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(setup_seconds__range=(1, 14_400))
                & models.Q(before_seconds__range=(1, 14_400))
                & models.Q(test_seconds__range=(1, 14_400))
                & models.Q(after_seconds__range=(1, 14_400))
                & models.Q(one_test_seconds__range=(1, 14_400))
                & models.Q(silent_seconds__range=(1, 14_400)),
                name="project_limits_sane",
            ),
            models.CheckConstraint(
                condition=models.Q(memory_mib__range=(64, 1_048_576))
                & models.Q(processes__range=(8, 65_536))
                & models.Q(file_mib__range=(1, 1_048_576))
                & models.Q(disk_mib__range=(16, 10_485_760))
                & models.Q(output_mib__range=(1, 102_400)),
                name="project_sizes_sane",
            ),
            models.CheckConstraint(condition=models.Q(shards__range=(1, 64)), name="project_shards_sane"),
            models.CheckConstraint(
                condition=models.Q(repetitions__range=(1, 20)), name="project_repetitions_sane"
            ),
            models.CheckConstraint(
                condition=models.Q(approvals__range=(1, 10)), name="project_approvals_sane"
            ),
            models.CheckConstraint(condition=one_of("network", Network), name="project_network_known"),
            models.CheckConstraint(condition=one_of("shard_by", ShardBy), name="project_shard_by_known"),
        ]

    def __str__(self) -> str:
        return self.name
