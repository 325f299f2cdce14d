"""What the registers tell of a person and a taxpayer on a day, as one statement.

Each part is a look-up by index: the death of the person, the latest of the posts of head and of
accountant that he holds, the VAT code in force.
"""

from representation.chains_sql import HAS_DIED, ON

_POST = f"""
LEFT JOIN LATERAL (
    SELECT post.since, post.until FROM representation_{{table}} post
     WHERE post.person = %(person)s AND post.taxpayer_id = %(taxpayer)s
       AND {ON.format(row="post")}
     ORDER BY post.since DESC, post.id LIMIT 1
) AS {{table}} ON true
"""

TOLD = f"""
SELECT {HAS_DIED}, headship.since, headship.until, accountant.since, accountant.until,
       (SELECT vat_code FROM representation_vatregistration
         WHERE taxpayer_id = %(taxpayer)s AND valid_from <= %(day)s
           AND (valid_to IS NULL OR valid_to >= %(day)s)
         ORDER BY valid_from DESC, id LIMIT 1)
  FROM (SELECT) AS asked
{_POST.format(table="headship")}
{_POST.format(table="accountant")}
"""
"""One row: has died; head since, until; accountant since, until; VAT code. NULL for what is not."""
