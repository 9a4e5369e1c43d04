from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("tracks", "0020_the_history_of_a_finding"),
    ]

    operations = [
        migrations.AddField(
            model_name="run",
            name="checks_only",
            field=models.BooleanField(default=False),
        ),
    ]
