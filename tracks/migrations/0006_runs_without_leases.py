"""What the shards have now."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracks", "0005_leases_move_to_shards")]

    operations = [
        # Runs that the code before was queueing meanwhile.
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
            WHERE NOT EXISTS (SELECT 1 FROM tracks_shard WHERE run_id = tracks_run.id)
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RemoveConstraint(
            model_name='run',
            name='run_held_has_lease',
        ),
        migrations.RemoveIndex(
            model_name='run',
            name='run_lease',
        ),
        migrations.RemoveIndex(
            model_name='run',
            name='run_queue',
        ),
        migrations.RemoveField(
            model_name='run',
            name='attempt',
        ),
        migrations.RemoveField(
            model_name='run',
            name='fence',
        ),
        migrations.RemoveField(
            model_name='run',
            name='lease_until',
        ),
        migrations.RemoveField(
            model_name='run',
            name='rung_at',
        ),
        migrations.RemoveField(
            model_name='run',
            name='worker',
        ),
    ]
