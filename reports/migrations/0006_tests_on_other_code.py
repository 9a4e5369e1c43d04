import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0005_verifications'),
    ]

    operations = [
        migrations.CreateModel(
            name='RedFirst',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('new tests', 'new tests'), ('old tests', 'old tests')], max_length=12)),
                ('tests', models.JSONField(default=list)),
                ('verdicts', models.JSONField(default=dict)),
                ('note', models.TextField(blank=True)),
                ('state', models.CharField(choices=[('going', 'going'), ('done', 'done')], default='going', max_length=8)),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('base', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tracks.run')),
                ('head', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='red_first', to='tracks.run')),
                ('run', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='red_first_of', to='tracks.run')),
                ('started_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'red first',
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(fields=('base', 'head', 'kind'), name='red_first_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['new tests', 'old tests'])), name='red_first_kind_known'), models.CheckConstraint(condition=models.Q(('state__in', ['going', 'done'])), name='red_first_state_known')],
            },
        ),
    ]
