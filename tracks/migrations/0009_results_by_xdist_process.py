"""The books of a shard, process by process."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracks", "0008_secrets")]

    operations = [
        migrations.AddField(model_name="shard", name="xdist", field=models.JSONField(default=dict)),
    ]
