"""A changeset says whether the branch was rewritten between its two commits."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0013_publications_are_never_altered")]

    operations = [
        migrations.AddField(
            model_name="changeset",
            name="is_rewritten",
            field=models.BooleanField(default=False),
        )
    ]
