from django.db import migrations

# Letters without their marks, and the words of a name: built in, so every server has the index.
# Quotation marks go by themselves: a server without a locale would take them for letters.
WORDS = """
CREATE FUNCTION representation_plain_name(name text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN lower(translate(name, 'ĄČĘĖĮŠŲŪŽąčęėįšųūž', 'ACEEISUUZaceeisuuz'));
CREATE FUNCTION representation_name_words(name text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN to_tsvector('simple'::regconfig,
        translate(representation_plain_name(name), './@_&-–„“”«»‚‘’"()+*:!', repeat(' ', 22)));
CREATE INDEX representation_taxpayer_words ON representation_taxpayer
    USING gin (representation_name_words(name));
"""

NO_WORDS = """
DROP INDEX representation_taxpayer_words;
DROP FUNCTION representation_name_words(text);
DROP FUNCTION representation_plain_name(text);
"""

# Names typed with a mistake are found only where the server has pg_trgm and we may use it.
ALIKE = """
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm') THEN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
        CREATE INDEX representation_taxpayer_alike ON representation_taxpayer
            USING gin (representation_plain_name(name) gin_trgm_ops);
    END IF;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'pg_trgm may not be used: names typed with a mistake will not be found';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("representation", "0010_no_grants")]

    operations = [
        migrations.RunSQL(WORDS, NO_WORDS),
        migrations.RunSQL(ALIKE, "DROP INDEX IF EXISTS representation_taxpayer_alike"),
    ]
