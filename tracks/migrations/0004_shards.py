"""A worker holds a shard; each run has at least one."""

import django.db.models.deletion
import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracks", "0003_limits_services_and_shards_of_a_project")]

    operations = [
        migrations.AddField(
            model_name='run',
            name='needs',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='run',
            name='settled_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='run',
            name='plan',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='run',
            name='priority',
            field=models.SmallIntegerField(choices=[(0, 'normal'), (10, 'first')], default=0),
        ),
        migrations.AddField(
            model_name='logchunk',
            name='shard',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.CreateModel(
            name='Shard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('collected', models.PositiveIntegerField(default=0)),
                ('deselected', models.PositiveIntegerField(default=0)),
                ('passed', models.PositiveIntegerField(default=0)),
                ('failed', models.PositiveIntegerField(default=0)),
                ('errors', models.PositiveIntegerField(default=0)),
                ('skipped', models.PositiveIntegerField(default=0)),
                ('xfailed', models.PositiveIntegerField(default=0)),
                ('xpassed', models.PositiveIntegerField(default=0)),
                ('balanced', models.BooleanField(default=False)),
                ('exit_code', models.IntegerField(blank=True, null=True)),
                ('test_seconds', models.FloatField(blank=True, null=True)),
                ('outcomes', models.BinaryField(null=True)),
                ('durations', models.BinaryField(null=True)),
                ('number', models.PositiveSmallIntegerField()),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shards', to='tracks.run')),
                ('state', models.CharField(choices=[('queued', 'queued'), ('preparing', 'preparing'), ('running', 'running'), ('finished', 'finished'), ('incomplete', 'incomplete'), ('broken', 'broken'), ('faulted', 'faulted'), ('cancelled', 'cancelled'), ('lost', 'lost')], default='queued', max_length=16)),
                ('reason', models.TextField(blank=True)),
                ('remedy', models.TextField(blank=True)),
                ('detail', models.TextField(blank=True)),
                ('stage', models.CharField(blank=True, choices=[('checkout', 'checkout'), ('setup', 'setup'), ('before', 'before'), ('test', 'test'), ('after', 'after')], max_length=16)),
                ('tier', models.CharField(blank=True, choices=[('bubblewrap', 'bubblewrap'), ('none', 'none')], max_length=16)),
                ('queued_at', models.DateTimeField()),
                ('rung_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('tests_started_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('fence', models.PositiveIntegerField(default=0)),
                ('attempt', models.PositiveSmallIntegerField(default=0)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('worker', models.CharField(blank=True, max_length=120)),
            ],
            options={
                'ordering': ['run_id', 'number'],
            },
        ),
        migrations.AddIndex(
            model_name='shard',
            index=models.Index(condition=models.Q(('state__in', ['preparing', 'running'])), fields=['lease_until'], name='shard_lease'),
        ),
        migrations.AddIndex(
            model_name='shard',
            index=models.Index(condition=models.Q(('state', 'queued')), fields=['rung_at'], name='shard_queue'),
        ),
        migrations.AddIndex(
            model_name='shard',
            index=models.Index(condition=models.Q(('state__in', ['preparing', 'running'])), fields=['worker'], name='shard_of_worker'),
        ),
        migrations.AddConstraint(
            model_name='shard',
            constraint=models.UniqueConstraint(fields=('run', 'number'), name='shard_number_once'),
        ),
        migrations.AddConstraint(
            model_name='shard',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'preparing', 'running', 'finished', 'incomplete', 'broken', 'faulted', 'cancelled', 'lost'])), name='shard_state_known'),
        ),
        migrations.AddConstraint(
            model_name='shard',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['preparing', 'running']), _negated=True), ('lease_until__isnull', False), _connector='OR'), name='shard_held_has_lease'),
        ),
    ]
