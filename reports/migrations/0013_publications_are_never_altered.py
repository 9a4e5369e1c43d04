"""The database refuses to alter a published report. An account that is removed leaves it without the link to
it; its name is frozen. What is removed with its sprint goes with it."""

from django.db import migrations

REFUSE = """
CREATE TRIGGER publication_unaltered BEFORE UPDATE ON reports_publication
    FOR EACH ROW EXECUTE FUNCTION reports_refuse_to_alter('by_id');
"""
ALLOW = "DROP TRIGGER publication_unaltered ON reports_publication;"


class Migration(migrations.Migration):
    dependencies = [("reports", "0012_the_test_summary_report")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
