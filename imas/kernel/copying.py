"""Text as PostgreSQL's COPY reads it (its documentation, COPY, "Text Format"); pure."""

NULL = r"\N"


def needs_escape(text: str) -> bool:
    """Tell whether a text holds what COPY would take for something else."""
    return "\\" in text or "\t" in text or "\n" in text or "\r" in text


def escaped(text: str) -> str:
    """Return a text as COPY reads it."""
    if not needs_escape(text):
        return text
    whole = text.replace("\\", r"\\")  # first: those that follow write backslashes
    return whole.replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")
