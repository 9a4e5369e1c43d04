from django.db import migrations

NAMES = """
UPDATE tracks_auditentry AS entry SET
    actor_name = COALESCE((
        SELECT COALESCE(NULLIF(TRIM(first_name || ' ' || last_name), ''), email)
        FROM tracks_user WHERE id = entry.actor_id
    ), ''),
    project_slug = COALESCE((SELECT slug FROM tracks_project WHERE id = entry.project_id), '')
WHERE id > %s AND id <= %s
"""
AT_ONCE = 10_000


def name(apps, schema_editor):
    newest = apps.get_model('tracks', 'AuditEntry').objects.order_by('-id').first()
    with schema_editor.connection.cursor() as cursor:
        for last in range(0, newest.pk if newest else 0, AT_ONCE):
            cursor.execute(NAMES, [last, last + AT_ONCE])


class Migration(migrations.Migration):
    """What is known today of who did it and where; it cannot be changed any more after the next migrations.
    Some at a time: a long log keeps nobody waiting. Begun again, it gives the same."""

    atomic = False

    dependencies = [
        ('tracks', '0025_an_audit_log_that_stands_by_itself'),
    ]

    operations = [migrations.RunPython(name, migrations.RunPython.noop)]
