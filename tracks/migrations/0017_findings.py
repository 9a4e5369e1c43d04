import django.db.models.deletion
import django.contrib.postgres.search
import django.contrib.postgres.indexes
import django.contrib.postgres.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("tracks", "0016_what_a_track_must_show"),
    ]

    operations = [
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('size', models.PositiveIntegerField()),
                ('content', models.BinaryField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha', models.CharField(max_length=40)),
                ('note', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('defect', 'defect'), ('regression', 'regression'), ('not implemented', 'not implemented'), ('incomplete', 'incomplete'), ('question to decide', 'question to decide'), ('praise', 'praise')], max_length=20)),
                ('severity', models.CharField(choices=[('critical', 'critical'), ('high', 'high'), ('medium', 'medium'), ('low', 'low')], default='medium', max_length=10)),
                ('status', models.CharField(choices=[('open', 'open'), ('claimed', 'claimed'), ('verified fixed', 'verified fixed'), ("won't fix", "won't fix"), ('accepted risk', 'accepted risk'), ('decided', 'decided'), ('noted', 'noted'), ('withdrawn', 'withdrawn')], max_length=16)),
                ('evidence', models.TextField(blank=True)),
                ('root_cause', models.TextField(blank=True)),
                ('recommended_fix', models.TextField(blank=True)),
                ('impact', models.TextField(blank=True)),
                ('files', models.JSONField(blank=True, default=list)),
                ('tests', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), blank=True, default=list, size=None)),
                ('culprit', models.CharField(blank=True, max_length=40)),
                ('effort_hours', models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True)),
                ('flaky', models.BooleanField(default=False)),
                ('options', models.JSONField(blank=True, default=list)),
                ('choice', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('version', models.PositiveIntegerField(default=1)),
                ('raised_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('search', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector('title', 'evidence', 'root_cause', 'recommended_fix', 'impact', config='english'), output_field=django.contrib.postgres.search.SearchVectorField())),
            ],
            options={
                'ordering': ['track', 'number'],
            },
        ),
        migrations.CreateModel(
            name='Ruling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fixed', models.BooleanField()),
                ('verdict', models.CharField(blank=True, max_length=40)),
                ('overrules', models.BooleanField(default=False)),
                ('reason', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='attachment',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='claim',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='claim',
            name='run',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='claims', to='tracks.run'),
        ),
        migrations.AddField(
            model_name='claim',
            name='track',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='claims', to='tracks.track'),
        ),
        migrations.AddField(
            model_name='comment',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='finding',
            name='assignee',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='findings', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='finding',
            name='criterion',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='findings', to='tracks.criterion'),
        ),
        migrations.AddField(
            model_name='finding',
            name='found_in',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='tracks.run'),
        ),
        migrations.AddField(
            model_name='finding',
            name='raised_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='finding',
            name='signature',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='findings', to='tracks.failuresignature'),
        ),
        migrations.AddField(
            model_name='finding',
            name='track',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='tracks.track'),
        ),
        migrations.AddField(
            model_name='comment',
            name='finding',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='tracks.finding'),
        ),
        migrations.AddField(
            model_name='claim',
            name='findings',
            field=models.ManyToManyField(related_name='claims', to='tracks.finding'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='finding',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='tracks.finding'),
        ),
        migrations.AddField(
            model_name='ruling',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ruling',
            name='finding',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rulings', to='tracks.finding'),
        ),
        migrations.AddField(
            model_name='ruling',
            name='run',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rulings', to='tracks.run'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='tick',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='tracks.tick'),
        ),
        migrations.AddIndex(
            model_name='finding',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='finding_search'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.UniqueConstraint(fields=('track', 'number'), name='finding_number_once'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['defect', 'regression', 'not implemented', 'incomplete', 'question to decide', 'praise'])), name='finding_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(('severity__in', ['critical', 'high', 'medium', 'low'])), name='finding_severity_known'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['open', 'claimed', 'verified fixed', "won't fix", 'accepted risk', 'decided', 'noted', 'withdrawn'])), name='finding_status_known'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('choice__isnull', False), ('status', 'decided')), models.Q(models.Q(('status', 'decided'), _negated=True), ('choice__isnull', True)), _connector='OR'), name='finding_decided_has_choice'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('sha__regex', '^[0-9a-f]{40}$')), name='claim_sha_whole'),
        ),
        migrations.AddConstraint(
            model_name='ruling',
            constraint=models.UniqueConstraint(fields=('finding', 'run'), name='ruling_once'),
        ),
        migrations.AddConstraint(
            model_name='ruling',
            constraint=models.CheckConstraint(condition=models.Q(('overrules', False), models.Q(('reason', ''), _negated=True), _connector='OR'), name='ruling_that_overrules_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='attachment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finding__isnull', False), ('tick__isnull', True)), models.Q(('finding__isnull', True), ('tick__isnull', False)), _connector='OR'), name='attachment_of_one'),
        ),
    ]
