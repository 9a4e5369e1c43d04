from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracks", "0029_what_the_audit_log_is_filtered_by")]

    operations = [
        migrations.AddField(
            "run", "merged", ArrayField(models.TextField(), default=list, db_default=[], blank=True)
        )
    ]
