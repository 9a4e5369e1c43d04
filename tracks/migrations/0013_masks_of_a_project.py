"""What a project masks in its errors' messages."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracks", "0012_what_a_project_diagnoses")]

    operations = [
        migrations.AddField(
            model_name="project",
            name="masks",
            field=django.contrib.postgres.fields.ArrayField(
                models.CharField(max_length=200), blank=True, default=list
            ),
        ),
    ]
