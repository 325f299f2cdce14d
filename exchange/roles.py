"""The roles of other systems: dated tables in schemas/exchange, a file for each system."""

from dataclasses import dataclass
from datetime import date

from imas.kernel.classifiers import classifier
from imas.kernel.xml import SCHEMAS

_FOLDER = "exchange"


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody may be in another system, with its name in both languages."""

    code: str
    name_lt: str
    name_en: str

    def words(self, language: str) -> str:
        """Return the name in a language."""
        return self.name_en if language == "en" else self.name_lt


def systems_with_roles() -> list[str]:
    """Return the keys of the systems whose roles are known, by name."""
    return sorted(path.stem for path in (SCHEMAS / _FOLDER).glob("*.csv"))


def has_roles(system: str) -> bool:
    """Tell whether the roles of a system are known."""
    return system in systems_with_roles()


def roles_on(system: str, day: date) -> list[Role]:
    """Return the roles a system has on a day, in the order of its table."""
    table = classifier(f"{_FOLDER}/{system}.csv")
    found = (table.on(code, day) for code in table)
    return [
        Role(entry.code, entry.row["name_lt"], entry.row["name_en"]) for entry in found if entry
    ]


def role_words(system: str, code: str, language: str) -> str:
    """Return the name of a role, also of one that is no more; an unknown one is its code."""
    entries = classifier(f"{_FOLDER}/{system}.csv").entries(code)
    return entries[-1].row["name_en" if language == "en" else "name_lt"] if entries else code
