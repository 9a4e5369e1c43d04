import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("tracks", "0015_what_runs_were_signed_with"),
    ]

    operations = [
        migrations.CreateModel(
            name='CheckResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('criterion', models.BigIntegerField()),
                ('standing', models.CharField(choices=[('holds', 'holds'), ('fails', 'fails'), ('unknown', 'unknown')], max_length=8)),
                ('figure', models.CharField(blank=True, max_length=100)),
                ('sentence', models.TextField()),
                ('exit_code', models.IntegerField(blank=True, null=True)),
                ('output', models.TextField(blank=True)),
                ('seconds', models.FloatField()),
            ],
            options={
                'ordering': ['run', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Criterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('text', models.CharField(max_length=300)),
                ('kind', models.CharField(choices=[('tests', 'tests'), ('check', 'check'), ('manual', 'manual')], max_length=8)),
                ('weight', models.CharField(choices=[('blocking', 'blocking'), ('advisory', 'advisory')], default='blocking', max_length=8)),
                ('definition', models.JSONField(blank=True, default=dict)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'criteria',
                'ordering': ['track', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Tick',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('criterion', models.BigIntegerField()),
                ('text', models.CharField(max_length=300)),
                ('holds', models.BooleanField()),
                ('evidence', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='run',
            name='criteria',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='track',
            name='checks_only',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='checkresult',
            name='run',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='check_results', to='tracks.run'),
        ),
        migrations.AddField(
            model_name='criterion',
            name='created_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='criterion',
            name='track',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteria', to='tracks.track'),
        ),
        migrations.AddField(
            model_name='tick',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='tick',
            name='run',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ticks', to='tracks.run'),
        ),
        migrations.AddConstraint(
            model_name='checkresult',
            constraint=models.UniqueConstraint(fields=('run', 'criterion'), name='check_result_once'),
        ),
        migrations.AddConstraint(
            model_name='checkresult',
            constraint=models.CheckConstraint(condition=models.Q(('standing__in', ['holds', 'fails', 'unknown'])), name='check_result_standing_known'),
        ),
        migrations.AddConstraint(
            model_name='criterion',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['tests', 'check', 'manual'])), name='criterion_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='criterion',
            constraint=models.CheckConstraint(condition=models.Q(('weight__in', ['blocking', 'advisory'])), name='criterion_weight_known'),
        ),
        migrations.AddConstraint(
            model_name='tick',
            constraint=models.UniqueConstraint(fields=('criterion', 'run'), name='tick_once'),
        ),
    ]
