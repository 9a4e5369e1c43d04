"""A project's network was the host's or the run's own; now it may be none at all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracks", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name='project',
            name='network',
            field=models.CharField(choices=[('none', 'none'), ('loopback', 'loopback'), ('host', 'host')], default='none', max_length=16),
        ),
        migrations.RunSQL(
            "UPDATE tracks_project SET network = CASE network WHEN 'true' THEN 'host' ELSE 'loopback' END",
            "UPDATE tracks_project SET network = (network = 'host')::text",
        ),
        migrations.RunSQL(
            """
            UPDATE tracks_run SET spec = jsonb_set(spec::jsonb, '{network}',
                CASE spec::jsonb ->> 'network' WHEN 'true' THEN '"host"'::jsonb ELSE '"loopback"'::jsonb END)::text
            WHERE spec <> ''
            """,
            migrations.RunSQL.noop,
        ),
    ]
