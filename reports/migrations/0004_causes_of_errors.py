from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0003_why_tests_changed'),
    ]

    operations = [
        migrations.AddField(
            model_name='comparison',
            name='cascades',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='comparison',
            name='forecasts',
            field=models.JSONField(default=list),
        ),
    ]
