"""Text as PostgreSQL's COPY reads it (its documentation, COPY, "Text Format"); pure."""

NULL = r"\N"

_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def needs_escape(text: str) -> bool:
    """Tell whether a text holds what COPY would take for something else."""
    return "\\" in text or "\t" in text or "\n" in text or "\r" in text


def escaped(text: str) -> str:
    """Return a text as COPY reads it."""
    return text.translate(_ESCAPES) if needs_escape(text) else text
