"""Rows of registers: partitioned by the first day of the tax period, read by unmanaged models.

Partitions are made when the first file of a month comes (`isaf.partitions`), so a month is
loaded, checked, archived and dropped alone. No foreign key leads to isaf_part: rows are copied
by other connections before their part is shown, and a check per row would double the cost.
"""

from django.db import migrations

TABLES = """
CREATE TABLE isaf_invoice (
    period_start date NOT NULL,
    part_id bigint NOT NULL,
    position integer NOT NULL,
    side char(1) NOT NULL CHECK (side IN ('S', 'P')),
    line integer NOT NULL,
    number text NOT NULL,
    number_norm text NOT NULL,
    match_key bigint,
    counterparty_vat text NOT NULL,
    counterparty_code text NOT NULL,
    country text NOT NULL,
    counterparty_name text NOT NULL,
    issued date NOT NULL,
    type char(2) NOT NULL,
    special boolean NOT NULL,
    vat_point date,
    registered date,
    taxable numeric(28, 2) NOT NULL,
    vat numeric(28, 2) NOT NULL,
    total numeric(28, 2) NOT NULL,
    refs jsonb,
    PRIMARY KEY (period_start, part_id, position)
) PARTITION BY RANGE (period_start);
CREATE INDEX isaf_invoice_match ON isaf_invoice (match_key) WHERE match_key IS NOT NULL;
CREATE INDEX isaf_invoice_counterparty ON isaf_invoice (counterparty_vat)
    WHERE counterparty_vat <> '';

CREATE TABLE isaf_tax_row (
    period_start date NOT NULL,
    part_id bigint NOT NULL,
    position integer NOT NULL,
    row_no smallint NOT NULL,
    taxable numeric(18, 2) NOT NULL,
    code text NOT NULL,
    rate numeric(5, 2),
    amount numeric(18, 2),
    vat_point date,
    PRIMARY KEY (period_start, part_id, position, row_no)
) PARTITION BY RANGE (period_start);

CREATE TABLE isaf_settlement (
    period_start date NOT NULL,
    part_id bigint NOT NULL,
    position integer NOT NULL,
    line integer NOT NULL,
    kind char(1) NOT NULL CHECK (kind IN ('G', 'V')),
    reference text NOT NULL,
    paid_on date NOT NULL,
    counterparty_vat text NOT NULL,
    counterparty_code text NOT NULL,
    country text NOT NULL,
    counterparty_name text NOT NULL,
    taxable numeric(28, 2) NOT NULL,
    vat numeric(28, 2) NOT NULL,
    PRIMARY KEY (period_start, part_id, position)
) PARTITION BY RANGE (period_start);

CREATE TABLE isaf_settled_invoice (
    period_start date NOT NULL,
    part_id bigint NOT NULL,
    position integer NOT NULL,
    row_no smallint NOT NULL,
    number text NOT NULL,
    number_norm text NOT NULL,
    issued date NOT NULL,
    amount numeric(18, 2) NOT NULL,
    vat numeric(18, 2) NOT NULL,
    PRIMARY KEY (period_start, part_id, position, row_no)
) PARTITION BY RANGE (period_start);
"""

DROP = "DROP TABLE isaf_invoice, isaf_tax_row, isaf_settlement, isaf_settled_invoice;"


class Migration(migrations.Migration):
    dependencies = [("isaf", "0001_registers")]

    operations = [migrations.RunSQL(TABLES, DROP)]
