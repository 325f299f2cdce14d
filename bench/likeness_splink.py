"""What Splink finds of the mistyped numbers that `bench.likeness` makes.

    python3 -m venv /tmp/splink && /tmp/splink/bin/pip install splink pandas rapidfuzz psutil
    PYTHONPATH=. /tmp/splink/bin/python -m bench.likeness_splink

In an environment of its own, because nothing else here needs what Splink brings along. It links
the leftovers of sellers to those of buyers within the same parties, day and amount by the edit
distance of the numbers; its weights are estimated without the truth, as it recommends, and a pair
counts from a probability of 0.9 on.
"""

import sys
import time
from random import Random
from typing import Any

import pandas as pd  # type: ignore[import-not-found, import-untyped, unused-ignore]
import splink.comparison_library as compare  # type: ignore[import-not-found]
from splink import Linker, SettingsCreator, block_on
from splink.internals.duckdb.database_api import DuckDBAPI  # type: ignore[import-not-found]

from bench.likeness import leftovers, told

_COLUMNS = ["unique_id", "number", "pair", "day", "cents"]
_SAME = ("pair", "day", "cents")
_CERTAIN = 0.9


def main() -> None:
    """Link the leftovers of 100 000 deals and print what was found."""
    groups, mistyped = leftovers(100_000, Random(7))  # noqa: S311 - noise, not a secret
    sides: tuple[list[Any], list[Any]] = ([], [])
    for group, left in groups.items():
        for rows, numbers in zip(sides, (left.sales, left.purchases), strict=True):
            rows += [(deal, number, *group) for deal, number in numbers.items()]
    before = time.perf_counter()
    found = _linked(*(pd.DataFrame(rows, columns=_COLUMNS) for rows in sides))
    seconds = time.perf_counter() - before
    sys.stdout.write(f"Splink: {told(found, mistyped)}, {seconds:.1f} s\n")


def _linked(sales: Any, purchases: Any) -> set[tuple[int, int]]:
    database = DuckDBAPI()
    tables = [
        database.register(sales, dataset_display_name="sales"),
        database.register(purchases, dataset_display_name="purchases"),
    ]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            compare.DamerauLevenshteinAtThresholds("number", [1, 2]),
            compare.ExactMatch("day"),
            compare.ExactMatch("cents"),
        ],
        blocking_rules_to_generate_predictions=[block_on(*_SAME)],
    )
    linker = Linker(tables, settings, log_level=40)
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on(*_SAME)], recall=0.9)
    training.estimate_u_using_random_sampling()
    training.estimate_parameters_using_expectation_maximisation(block_on(*_SAME))
    training.estimate_parameters_using_expectation_maximisation(block_on("pair", "number"))
    pairs = linker.inference.predict(threshold_match_probability=_CERTAIN).as_pandas_dataframe()
    by_source = zip(
        pairs["source_dataset_l"], pairs["unique_id_l"], pairs["unique_id_r"], strict=True
    )
    return {
        (left, right) if source == "sales" else (right, left) for source, left, right in by_source
    }


if __name__ == "__main__":
    main()
