"""What the workers tell of themselves."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracks", "0006_runs_without_leases")]

    operations = [
        migrations.CreateModel(
            name='Worker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True)),
                ('host', models.CharField(max_length=120)),
                ('slots', models.PositiveSmallIntegerField()),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('tier', models.CharField(blank=True, choices=[('bubblewrap', 'bubblewrap'), ('none', 'none')], max_length=16)),
                ('problem', models.TextField(blank=True)),
                ('pythons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('version', models.CharField(max_length=40)),
                ('started_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('reaped_at', models.DateTimeField(blank=True, null=True)),
                ('left_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
    ]
