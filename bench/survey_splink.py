"""What Splink takes for the deals that `bench.survey` makes sure of.

    python3 -m venv /tmp/splink && /tmp/splink/bin/pip install splink
    VAR_DIR=/tmp/told make bench  # or one: python -m bench survey; it leaves files/told.csv there
    /tmp/splink/bin/python bench/survey_splink.py /tmp/told/files/told.csv

In an environment of its own, because nothing else here needs what Splink brings along. It scores
sales against purchases of the same two parties with the same number or the same amount, by the
edit distance of the numbers; weights but those of chance are left as they come. It tells neither
what differs nor what is missing.
"""

import sys
import time

import duckdb
import splink.comparison_library as compare  # type: ignore[import-not-found]
from splink import Linker, SettingsCreator, block_on
from splink.internals.duckdb.database_api import DuckDBAPI  # type: ignore[import-not-found]

_LOAD = """
CREATE TABLE {name} AS SELECT row_number() OVER () AS unique_id, number, issued, taxable, vat,
    CASE side WHEN 'S' THEN own ELSE other_id END AS seller,
    CASE side WHEN 'S' THEN other_id ELSE own END AS buyer
FROM (SELECT *, substr(other, 3)::BIGINT - 100000000 AS other_id
    FROM read_csv('{path}', header = false, quote = '"', columns = {{
        'side': 'VARCHAR', 'k': 'BIGINT', 'own': 'BIGINT', 'other': 'VARCHAR',
        'number': 'VARCHAR', 'issued': 'VARCHAR', 'type': 'VARCHAR', 'taxable': 'VARCHAR',
        'vat': 'VARCHAR', 'code': 'VARCHAR'}}))
WHERE side = '{side}'
"""
_SAME_TWO = ("seller", "buyer")


def main() -> None:
    """Link the sales of a file to its purchases and print seconds; reading it is not counted."""
    with duckdb.connect(":memory:") as duck:
        duck.execute("SET threads = 2")
        for name, side in (("sales", "S"), ("purchases", "P")):
            duck.execute(_LOAD.format(name=name, side=side, path=sys.argv[1]))
        before = time.perf_counter()
        pairs = _link(duck)
        seconds = time.perf_counter() - before
    sys.stdout.write(f"Splink: {pairs} pairs, {seconds:.1f} s\n")


def _link(duck: duckdb.DuckDBPyConnection) -> int:
    database = DuckDBAPI(connection=duck)
    tables = [database.register(name) for name in ("sales", "purchases")]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            compare.LevenshteinAtThresholds("number", [1, 2]),
            *(compare.ExactMatch(name) for name in ("taxable", "vat", "issued")),
        ],
        blocking_rules_to_generate_predictions=[
            block_on(*_SAME_TWO, "number"),
            block_on(*_SAME_TWO, "taxable"),
        ],
    )
    linker = Linker(tables, settings, log_level=40)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    found = linker.inference.predict(threshold_match_probability=0.01)
    ((pairs,),) = duck.execute(f"SELECT count(*) FROM {found.physical_name}").fetchall()  # noqa: S608
    return int(pairs)


if __name__ == "__main__":
    main()
