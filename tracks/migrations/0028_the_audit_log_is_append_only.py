from django.db import migrations

TABLES = ('tracks_auditentry', 'tracks_auditlink')
FUNCTION = """
CREATE FUNCTION tracks_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit log is append-only: % of % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege',
              HINT = 'Leave a new entry that corrects the old one; manage.py verify_audit shows what was altered.';
END
$$
"""
TRIGGER = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION tracks_audit_is_append_only()
"""


class Migration(migrations.Migration):
    """Also for who has the database's password, until they take the triggers away. TRUNCATE, with which tests
    empty tables, fires no trigger of rows."""

    dependencies = [
        ('tracks', '0027_links_of_the_audit_log'),
    ]

    operations = [
        migrations.RunSQL(FUNCTION, 'DROP FUNCTION tracks_audit_is_append_only()'),
        *(
            migrations.RunSQL(TRIGGER.format(table=table), f'DROP TRIGGER {table}_append_only ON {table}')
            for table in TABLES
        ),
    ]
