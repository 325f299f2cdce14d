"""Let a lone entry find its possible match by one hash, however many are missing.

One hash and not five columns: before statistics are gathered the planner takes any index that
begins with the seller, and then walks over all that the seller sold that day.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION isaf_alike(seller bigint, buyer bigint, issued date, gap numeric) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT hash_numeric_extended(
        abs(gap), hashint8extended(seller, hashint8extended(buyer, issued - date '2000-01-01'))
    )
$$;
CREATE INDEX isaf_pair_missing
    ON isaf_pair (isaf_alike(seller_id, buyer_id, issued, total_gap)) WHERE state = 'missing';
"""
DROP = """
DROP INDEX isaf_pair_missing;
DROP FUNCTION isaf_alike(bigint, bigint, date, numeric);
"""


class Migration(migrations.Migration):
    dependencies = [("isaf", "0003_pairs")]

    operations = [migrations.RunSQL(CREATE, DROP)]
