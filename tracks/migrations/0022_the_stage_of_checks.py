from django.db import migrations, models

STAGES = [
    ("checkout", "checkout"),
    ("setup", "setup"),
    ("before", "before"),
    ("test", "test"),
    ("check", "check"),
    ("after", "after"),
]


class Migration(migrations.Migration):

    dependencies = [
        ("tracks", "0021_runs_of_checks_alone"),
    ]

    operations = [
        migrations.AlterField(
            model_name="run",
            name="stage",
            field=models.CharField(blank=True, choices=STAGES, max_length=16),
        ),
        migrations.AlterField(
            model_name="shard",
            name="stage",
            field=models.CharField(blank=True, choices=STAGES, max_length=16),
        ),
    ]
