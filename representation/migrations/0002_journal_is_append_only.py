from django.db import migrations

FENCE = """
CREATE FUNCTION representation_journal_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'journal entries are never changed or deleted'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER representation_journalentry_append_only
    BEFORE UPDATE OR DELETE ON representation_journalentry
    FOR EACH ROW EXECUTE FUNCTION representation_journal_refuses();
"""

UNFENCE = """
DROP TRIGGER representation_journalentry_append_only ON representation_journalentry;
DROP FUNCTION representation_journal_refuses();
"""


class Migration(migrations.Migration):
    dependencies = [("representation", "0001_initial")]

    operations = [migrations.RunSQL(FENCE, UNFENCE)]
