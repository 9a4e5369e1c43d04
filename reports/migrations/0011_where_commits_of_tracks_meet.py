from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0010_one_integration_at_a_time")]

    operations = [migrations.AddField("integration", "meetings", models.JSONField(default=list))]
