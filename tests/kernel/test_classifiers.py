from datetime import date

from imas.kernel.classifiers import Classifier, Entry

TABLE = Classifier(
    (
        Entry("PVM4", date.min, date(2016, 3, 31), {"rate": "0"}),
        Entry("PVM2", date.min, date(2025, 12, 31), {"rate": "9"}),
        Entry("PVM2", date(2026, 1, 1), date.max, {"rate": "12"}),
    )
)


def test_a_code_means_what_it_meant_on_the_day() -> None:
    before, after = TABLE.on("PVM2", date(2025, 12, 31)), TABLE.on("PVM2", date(2026, 1, 1))
    assert before is not None
    assert after is not None
    assert (before.row["rate"], after.row["rate"]) == ("9", "12")


def test_an_expired_code_is_known_but_not_in_force() -> None:
    assert "PVM4" in TABLE
    assert TABLE.on("PVM4", date(2016, 4, 1)) is None
    assert TABLE.on("PVM999", date(2016, 4, 1)) is None
