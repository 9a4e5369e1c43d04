"""Of each run the one shard that it was, with the lease that a worker may hold on it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracks", "0004_shards")]

    operations = [
        migrations.RunSQL(
            """
            INSERT INTO tracks_shard (run_id, number, state, reason, remedy, detail, stage, tier, queued_at, rung_at,
                started_at, tests_started_at, ended_at, fence, attempt, lease_until, worker, collected,
                deselected, passed, failed, errors, skipped, xfailed, xpassed, balanced, exit_code, test_seconds,
                outcomes, durations)
            SELECT id, 0, state, reason, remedy, detail, stage, tier, queued_at, rung_at,
                started_at, tests_started_at, ended_at, fence, attempt, lease_until, worker, collected,
                deselected, passed, failed, errors, skipped, xfailed, xpassed, balanced, exit_code, test_seconds,
                CASE WHEN state IN ('queued', 'preparing', 'running') THEN outcomes END,
                CASE WHEN state IN ('queued', 'preparing', 'running') THEN durations END
            FROM tracks_run
            """,
            migrations.RunSQL.noop,
        ),
    ]
