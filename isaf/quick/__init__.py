"""The compiled part: what is done with every byte of a file, and what with most invoices.

`_scan` recognises records by a program that `isaf.parsing.programs` writes of the schema; `_take`
is the short way of an invoice, see `isaf.judging.shortway`, and `_lines` what it writes with;
`_text` asks about the bytes of a chunk. All are built by `make setup`.
"""

try:
    from isaf.quick._scan import Form, Walk
    from isaf.quick._take import Kind, Met, Row, Taker
    from isaf.quick._text import count_ends, count_lines, is_text
except ModuleNotFoundError as error:
    raise ImportError("The compiled part is missing or old: run `make setup`.") from error

__all__ = ["Form", "Kind", "Met", "Row", "Taker", "Walk", "count_ends", "count_lines", "is_text"]
