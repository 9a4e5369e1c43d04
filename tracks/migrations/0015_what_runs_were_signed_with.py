"""A run names the scheme of its signatures. Until now there was version 1, and no masks of projects' own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracks", "0014_chains_of_errors")]

    operations = [
        migrations.AddField("run", "signed", models.CharField(max_length=40, blank=True, default="1")),
        migrations.AlterField("run", "signed", models.CharField(max_length=40, blank=True, default="")),
    ]
