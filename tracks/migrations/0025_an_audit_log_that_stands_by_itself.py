import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """No UPDATE by a cascade: the keys stay when their project or person goes, and names stand beside them.
    Processes of the version before, which know no names, go on leaving entries: the database fills them in."""

    dependencies = [
        ('tracks', '0024_notices_of_decisions'),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditentry',
            name='project',
            field=models.ForeignKey(
                db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING,
                related_name='audit', to='tracks.project',
            ),
        ),
        migrations.AlterField(
            model_name='auditentry',
            name='actor',
            field=models.ForeignKey(
                db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING,
                related_name='+', to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name='auditentry',
            name='project_slug',
            field=models.CharField(blank=True, db_default='', default='', max_length=60),
        ),
        migrations.AddField(
            model_name='auditentry',
            name='actor_name',
            field=models.CharField(blank=True, db_default='', default='', max_length=320),
        ),
    ]
