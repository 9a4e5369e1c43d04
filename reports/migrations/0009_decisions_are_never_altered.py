"""The database refuses to alter a decision or a condition of it. An account that is removed leaves them
without a name, which is frozen in them; what is removed with its track goes with it."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION reports_refuse_to_alter() RETURNS trigger AS $$
BEGIN
    IF to_jsonb(NEW) - TG_ARGV[0] = to_jsonb(OLD) - TG_ARGV[0]
       AND to_jsonb(NEW) -> TG_ARGV[0] IN ('null'::jsonb, to_jsonb(OLD) -> TG_ARGV[0]) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'What was decided is never altered (%)', TG_TABLE_NAME;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER decision_unaltered BEFORE UPDATE ON reports_decision
    FOR EACH ROW EXECUTE FUNCTION reports_refuse_to_alter('by_id');
CREATE TRIGGER condition_unaltered BEFORE UPDATE ON reports_condition
    FOR EACH ROW EXECUTE FUNCTION reports_refuse_to_alter('owner_id');
"""
ALLOW = """
DROP TRIGGER condition_unaltered ON reports_condition;
DROP TRIGGER decision_unaltered ON reports_decision;
DROP FUNCTION reports_refuse_to_alter();
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0008_gates_decisions_and_integrations")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
