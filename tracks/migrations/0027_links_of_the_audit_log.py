import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tracks', '0026_names_of_who_acted'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditLink',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64)),
                ('entry', models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name='link', to='tracks.auditentry',
                )),
            ],
            options={
                'ordering': ['number'],
            },
        ),
    ]
