import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0004_causes_of_errors'),
        ('tracks', '0020_the_history_of_a_finding'),
    ]

    operations = [
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('verified fixed', 'verified fixed'), ('same error persists', 'same error persists'), ('different error now', 'different error now'), ('partly fixed', 'partly fixed'), ('cannot verify', 'cannot verify'), ('flaky', 'flaky'), ('no verdict', 'no verdict')], default='no verdict', max_length=24)),
                ('sentence', models.TextField(blank=True)),
                ('tests', models.JSONField(default=list)),
                ('repetitions', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('going', 'going'), ('done', 'done')], default='going', max_length=8)),
                ('begun_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('finding', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='verifications', to='tracks.finding')),
                ('repeats', models.ManyToManyField(related_name='repeats_of', to='tracks.run')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='verifications', to='tracks.run')),
            ],
            options={
                'ordering': ['finding_id', '-run_id'],
                'constraints': [models.UniqueConstraint(fields=('finding', 'run'), name='verification_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['verified fixed', 'same error persists', 'different error now', 'partly fixed', 'cannot verify', 'flaky', 'no verdict'])), name='verification_kind_known'), models.CheckConstraint(condition=models.Q(('state__in', ['going', 'done'])), name='verification_state_known')],
            },
        ),
    ]
