"""Projects take turns in the queue."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tracks", "0009_results_by_xdist_process")]

    operations = [
        AddIndexConcurrently(
            model_name="run", index=models.Index(fields=["project", "-started_at"], name="run_served")
        ),
    ]
