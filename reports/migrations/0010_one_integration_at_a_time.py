from django.db import migrations, models

GOING = ["merging", "searching", "testing"]


class Migration(migrations.Migration):
    dependencies = [("reports", "0009_decisions_are_never_altered")]

    operations = [
        migrations.AddField("integration", "figures", models.JSONField(default=dict)),
        migrations.AddConstraint(
            "integration",
            models.UniqueConstraint(
                fields=["sprint"], condition=models.Q(state__in=GOING), name="integration_going_once"
            ),
        ),
    ]
