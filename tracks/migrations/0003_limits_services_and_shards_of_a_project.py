"""What a run may take, what is started beside it, which worker may take it, and its parts."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracks", "0002_network_of_a_project")]

    operations = [
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('network__in', ['none', 'loopback', 'host'])), name='project_network_known'),
        ),
        migrations.RemoveConstraint(
            model_name='project',
            name='project_limits_sane',
        ),
        migrations.AddField(
            model_name='project',
            name='disk_mib',
            field=models.PositiveIntegerField(default=10240),
        ),
        migrations.AddField(
            model_name='project',
            name='file_mib',
            field=models.PositiveIntegerField(default=1024),
        ),
        migrations.AddField(
            model_name='project',
            name='memory_mib',
            field=models.PositiveIntegerField(default=8192),
        ),
        migrations.AddField(
            model_name='project',
            name='needs',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='project',
            name='one_test_seconds',
            field=models.PositiveIntegerField(default=600),
        ),
        migrations.AddField(
            model_name='project',
            name='output_mib',
            field=models.PositiveIntegerField(default=1024),
        ),
        migrations.AddField(
            model_name='project',
            name='processes',
            field=models.PositiveIntegerField(default=512),
        ),
        migrations.AddField(
            model_name='project',
            name='protected_branches',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=255), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='project',
            name='services',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='project',
            name='shard_by',
            field=models.CharField(choices=[('file', 'file'), ('test', 'test')], default='file', max_length=8),
        ),
        migrations.AddField(
            model_name='project',
            name='shards',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='project',
            name='silent_seconds',
            field=models.PositiveIntegerField(default=600),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('setup_seconds__range', (1, 14400)), ('before_seconds__range', (1, 14400)), ('test_seconds__range', (1, 14400)), ('after_seconds__range', (1, 14400)), ('one_test_seconds__range', (1, 14400)), ('silent_seconds__range', (1, 14400))), name='project_limits_sane'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('memory_mib__range', (64, 1048576)), ('processes__range', (8, 65536)), ('file_mib__range', (1, 1048576)), ('disk_mib__range', (16, 10485760)), ('output_mib__range', (1, 102400))), name='project_sizes_sane'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('shards__range', (1, 64))), name='project_shards_sane'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('shard_by__in', ['file', 'test'])), name='project_shard_by_known'),
        ),
    ]
