"""An error keeps what led to it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracks", "0013_masks_of_a_project")]

    operations = [
        migrations.AddField(
            model_name="failuresignature", name="chain", field=models.JSONField(blank=True, default=list)
        ),
    ]
