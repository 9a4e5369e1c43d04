"""What the shards have now."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracks", "0005_leases_move_to_shards")]

    operations = [
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
