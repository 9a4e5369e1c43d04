from django.db import migrations

NAMES = """
UPDATE tracks_auditentry AS entry SET
    actor_name = COALESCE((
        SELECT COALESCE(NULLIF(TRIM(first_name || ' ' || last_name), ''), email)
        FROM tracks_user WHERE id = entry.actor_id
    ), ''),
    project_slug = COALESCE((SELECT slug FROM tracks_project WHERE id = entry.project_id), '')
"""


class Migration(migrations.Migration):
    """What is known today of who did it and where; it cannot be changed any more after the next migrations."""

    dependencies = [
        ('tracks', '0025_an_audit_log_that_stands_by_itself'),
    ]

    operations = [migrations.RunSQL(NAMES, migrations.RunSQL.noop)]
