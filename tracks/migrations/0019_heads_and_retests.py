from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("tracks", "0018_notices"),
    ]

    operations = [
        migrations.AddField(
            model_name='project',
            name='proves_tests',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='project',
            name='repetitions',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='project',
            name='retests',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='track',
            name='head',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='track',
            name='head_seen_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('repetitions__range', (1, 20))), name='project_repetitions_sane'),
        ),
    ]
