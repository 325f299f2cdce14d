from django.db import migrations, models

APPEND_ONLY = (
    "representation_journalentry",
    "representation_journalseal",
    "representation_mandatemove",
    "representation_registerchange",
)

WAITING = """
INSERT INTO representation_unsealedentry SELECT id FROM representation_journalentry;
CREATE FUNCTION representation_entry_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO representation_unsealedentry (entry_id) SELECT id FROM fresh;
    RETURN NULL;
END $$;
CREATE TRIGGER representation_journalentry_waits
    AFTER INSERT ON representation_journalentry REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION representation_entry_waits();
CREATE TRIGGER representation_journalseal_append_only
    BEFORE UPDATE OR DELETE ON representation_journalseal
    FOR EACH ROW EXECUTE FUNCTION representation_journal_refuses();
"""

NOTHING_WAITS = """
DROP TRIGGER representation_journalseal_append_only ON representation_journalseal;
DROP TRIGGER representation_journalentry_waits ON representation_journalentry;
DROP FUNCTION representation_entry_waits();
"""

NO_TRUNCATE = "".join(
    f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION representation_journal_refuses();\n"
    for table in APPEND_ONLY
)
TRUNCATE = "".join(f"DROP TRIGGER {table}_no_truncate ON {table};\n" for table in APPEND_ONLY)


class Migration(migrations.Migration):
    dependencies = [("representation", "0014_limits")]

    operations = [
        migrations.CreateModel(
            name="JournalSeal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry_id", models.BigIntegerField(unique=True)),
                ("digest", models.BinaryField(max_length=32)),
                ("seal", models.BinaryField(max_length=32)),
                ("sealed_at", models.DateTimeField()),
            ],
            options={"ordering": ["number"]},
        ),
        migrations.CreateModel(
            name="UnsealedEntry",
            fields=[("entry_id", models.BigIntegerField(primary_key=True, serialize=False))],
            options={"ordering": ["entry_id"]},
        ),
        migrations.RunSQL(WAITING, NOTHING_WAITS),
        migrations.RunSQL(NO_TRUNCATE, TRUNCATE),
    ]
