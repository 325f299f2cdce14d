# cython: language_level=3, boundscheck=True, wraparound=False, initializedcheck=True
"""The short way of an invoice, from the bytes of the file to its rows, see `isaf.judging.shortway`.

Bytes of the file are read through the checked doors of a walk, `_byte` and the spans it found.
Amounts are whole cents of at most 13 digits, rates and tolerances are bounded when a row is made,
and an invoice has at most a hundred rows here: no product or sum of them is anywhere near the end
of 64 bits, and the sums of a chunk are moved to Python's own numbers before they could be. Whatever
is larger is left to the full way.
"""

from hashlib import blake2b

from isaf.quick._lines cimport Lines
from isaf.quick._scan cimport Span, Walk

cdef enum:
    # Slots of an invoice and of a tax row, and its lists, in the order of the schema.
    NUMBER = 0
    VAT = 2
    NAME = 5
    ISSUED = 6
    REFERENCES = 0
    ROWS = 1
    TAXABLE = 0
    CODE = 1
    PERCENT = 2
    AMOUNT = 3
    DAY = 4

cdef enum:
    MOST_ROWS = 100
    WHOLE_DIGITS = 11

cdef long long MOST_RATE = 100_000
cdef long long MOST_TOLERANCE = 1_000_000_000_000
cdef long long MUCH = 1_000_000_000_000_000_000
cdef bytes NULL_COLUMN = b"\\N"
cdef object _NEVER = object()


cdef class Met:
    """A party met: its columns as they are stored, the VAT code first; None is as they are written.

    An ordinary payer is one of whom no rule says more than of another; of the others kinds are
    known by the party too.
    """

    cdef bytes _columns
    cdef bint _ordinary

    def __init__(self, bytes columns, bint ordinary):
        self._columns, self._ordinary = columns, ordinary


cdef class Row:
    """A tax row of a kind: what its rate asks of the amount, and its columns around the amounts.

    The rate is in hundredths of a percent, the tolerance in ten thousandths of a cent; `allows` is
    asked about a base and an amount, in cents, that do not follow from the rate.
    """

    cdef long long _rate, _tolerance
    cdef bytes _before, _between, _after
    cdef object _allows

    def __init__(self, long long rate, long long tolerance, columns, allows):
        if not (-MOST_RATE <= rate <= MOST_RATE and 0 <= tolerance <= MOST_TOLERANCE):
            raise OverflowError
        self._rate, self._tolerance, self._allows = rate, tolerance, allows
        self._before, self._between, self._after = columns

    cdef bint _is_followed(self, long long taxable, long long vat) except -1:
        cdef long long off = taxable * self._rate - vat * 10_000
        if -self._tolerance <= off <= self._tolerance:
            return True
        return self._allows(taxable, vat)


cdef class Kind:
    """Invoices alike in all that rules ask but number and amounts: their columns and rows."""

    cdef bytes _marks
    cdef tuple _rows

    def __init__(self, bytes marks not None, tuple rows not None):
        self._marks, self._rows = marks, rows


cdef class Taker:
    """Takes the invoices of a register that no rule finds anything in, and writes their rows.

    `way` is asked about what is met for the first time: it puts a party among `parties` and a kind
    among `kinds`, None for those that are left. `lead` is what every row begins with, empty when
    nothing is written; `own_vat` is empty when no match keys are made.
    """

    cdef object _way
    cdef dict _parties, _kinds
    cdef bytes _lead, _side, _own_vat
    cdef bytes _columns, _references  # of the invoice at hand, the columns as they are written
    cdef bint _sold
    cdef Lines _invoices, _tax_rows, _key, _number
    cdef long long _taxable, _vat
    cdef object _taxable_before, _vat_before
    cdef Py_ssize_t _records
    cdef long long[MOST_ROWS] _bases
    cdef long long[MOST_ROWS] _amounts

    def __init__(self, way, dict parties, dict kinds, *, bytes lead, bytes own_vat, bint sold):
        self._way, self._parties, self._kinds = way, parties, kinds
        self._lead, self._own_vat, self._sold = lead, own_vat, sold
        self._side = b"S\t" if sold else b"P\t"
        self._invoices, self._tax_rows, self._key, self._number = Lines(), Lines(), Lines(), Lines()
        self.begin()

    def begin(self):
        """Begin a chunk."""
        self._invoices.size = self._tax_rows.size = self._records = 0
        self._taxable = self._vat = 0
        self._taxable_before = self._vat_before = 0

    def taken(self):
        """Return rows of invoices, tax rows, the sums in cents and the number of invoices."""
        return (
            self._invoices.whole(),
            self._tax_rows.whole(),
            self._taxable_before + self._taxable,
            self._vat_before + self._vat,
            self._records,
        )

    def leaves(self, Walk walk not None):
        """Take invoices, to one that is recognised and left; False when none is recognised."""
        if walk.form.many != 2 or walk.form.once <= ISSUED or walk.width(ROWS) <= AMOUNT:
            raise ValueError("no invoices")
        while walk.sees():
            if not self._takes(walk):
                return True
            walk.pass_by()
        return False

    cdef bint _takes(self, Walk walk) except -1:
        cdef Met party = self._party(walk)
        cdef Kind kind
        cdef Py_ssize_t rows = walk.count(ROWS)
        if party is None or rows > MOST_ROWS:
            return False
        if not self._read_amounts(walk, rows) or not self._read_number(walk):
            return False
        kind = self._kind(walk, party, rows)
        if kind is None or not self._follow_from_the_rates(kind, rows):
            return False
        self._references = self._way.references(walk) if walk.count(REFERENCES) else NULL_COLUMN
        self._count_and_write(walk, party, kind, rows)
        return True

    cdef Met _party(self, Walk walk):
        cdef Lines key = self._key
        cdef Py_ssize_t slot
        key.size = 0
        for slot in range(VAT, NAME + 1):
            if slot > VAT:
                key.add_byte(c"\t")
            key.add_span(walk, walk.once(slot))
        self._columns = key.whole()
        met = self._parties.get(self._columns, _NEVER)
        return self._way.meet(self._columns) if met is _NEVER else met

    cdef bint _read_amounts(self, Walk walk, Py_ssize_t rows) except -1:
        """Read the amounts as cents; False when one is too large for that."""
        cdef Py_ssize_t row
        for row in range(rows):
            if not _read_cents(walk, walk.each(ROWS, row, TAXABLE), &self._bases[row]):
                return False
            if not _read_cents(walk, walk.each(ROWS, row, AMOUNT), &self._amounts[row]):
                return False
        return True

    cdef bint _read_number(self, Walk walk) except -1:
        """Normalise the number; False when it must be escaped or a rule finds something in it.

        The rules of numbers look for a digit and for "nr"; they are asked unless there is the one
        and nothing like the other. Other letters than ASCII's are left to the full way.
        """
        cdef Span span = walk.once(NUMBER)
        cdef Py_ssize_t at
        cdef int byte, last = 0
        cdef bint digit = False, doubtful = False
        self._number.size = 0
        for at in range(span.start, span.end):
            byte = walk._byte(at)
            if byte < 0x20 or byte > 0x7e or byte == c"\\" or byte == c"&":
                return False
            if c"a" <= byte <= c"z":
                byte -= 0x20
            if c"0" <= byte <= c"9":
                digit = True
                self._number.add_byte(byte)
            elif c"A" <= byte <= c"Z":
                doubtful |= byte == c"R" and last == c"N"
                self._number.add_byte(byte)
            last = byte
        return (digit and not doubtful) or self._way.is_plain(walk._spelled(span))

    cdef Kind _kind(self, Walk walk, Met party, Py_ssize_t rows):
        """Return what is known of the kind; no value holds the bytes put between them."""
        cdef Lines key = self._key
        cdef Py_ssize_t slot, row
        cdef Span amount
        key.size = 0
        if not party._ordinary:
            key.add_text(self._columns)
        for slot in range(ISSUED, walk.form.once):
            key.add_byte(1)
            key.add_span(walk, walk.once(slot))
        key.add_byte(3 if walk.count(REFERENCES) else 2)
        for row in range(rows):
            key.add_byte(2)
            key.add_byte(_sign(self._bases[row]))
            amount = walk.each(ROWS, row, AMOUNT)
            key.add_byte(c"0" if amount.start == amount.end else c"1")
            for slot in range(CODE, walk.width(ROWS)):
                if slot != AMOUNT:
                    key.add_span(walk, walk.each(ROWS, row, slot))
                    key.add_byte(1)
        shape = key.whole()
        kind = self._kinds.get(shape, _NEVER)
        return self._way.learn(shape, walk) if kind is _NEVER else kind

    cdef bint _follow_from_the_rates(self, Kind kind, Py_ssize_t rows) except -1:
        cdef Py_ssize_t row
        if len(kind._rows) != rows:
            raise ValueError("another kind")
        for row in range(rows):
            if not (<Row?>kind._rows[row])._is_followed(self._bases[row], self._amounts[row]):
                return False
        return True

    cdef int _count_and_write(self, Walk walk, Met party, Kind kind, Py_ssize_t rows) except -1:
        cdef long long taxable = 0, vat = 0
        cdef Py_ssize_t row
        for row in range(rows):
            taxable += self._bases[row]
            vat += self._amounts[row]
        if self._lead:
            self._write_invoice(walk, party, kind, taxable, vat)
            for row in range(rows):
                self._write_row(walk, kind._rows[row], row)
        self._records += 1
        self._taxable += taxable
        self._vat += vat
        if not (-MUCH < self._taxable < MUCH and -MUCH < self._vat < MUCH):
            self._taxable_before += self._taxable
            self._vat_before += self._vat
            self._taxable = self._vat = 0
        return 0

    cdef int _write_invoice(
        self, Walk walk, Met party, Kind kind, long long taxable, long long vat
    ) except -1:
        cdef Lines out = self._invoices
        cdef bytes columns = self._columns if party._columns is None else party._columns
        out.add_text(self._lead)
        out.add_number(walk.position)
        out.add_byte(c"\t")
        out.add_text(self._side)
        out.add_number(walk.line)
        out.add_byte(c"\t")
        out.add_span(walk, walk.once(NUMBER))
        out.add_byte(c"\t")
        out.add_text(self._number.whole())
        out.add_byte(c"\t")
        if self._own_vat and party._ordinary:
            out.add_number(self._match_key(columns.partition(b"\t")[0]))
        else:
            out.add_text(NULL_COLUMN)
        out.add_byte(c"\t")
        out.add_text(columns)
        out.add_text(kind._marks)
        out.add_euros(taxable)
        out.add_byte(c"\t")
        out.add_euros(vat)
        out.add_byte(c"\t")
        out.add_euros(taxable + vat)
        out.add_byte(c"\t")
        out.add_text(self._references)
        return out.add_byte(c"\n")

    cdef int _write_row(self, Walk walk, Row known, Py_ssize_t row) except -1:
        cdef Lines out = self._tax_rows
        cdef Span amount = walk.each(ROWS, row, AMOUNT)
        out.add_text(self._lead)
        out.add_number(walk.position)
        out.add_text(known._before)
        out.add_span(walk, walk.each(ROWS, row, TAXABLE))
        out.add_text(known._between)
        if amount.start == amount.end:
            out.add_text(NULL_COLUMN)
        else:
            out.add_span(walk, amount)
        return out.add_text(known._after)

    cdef long long _match_key(self, bytes theirs) except? -1:
        """`isaf.types.match_key`, of bytes."""
        cdef Lines key = self._key
        key.size = 0
        key.add_text(self._own_vat if self._sold else theirs)
        key.add_byte(0x1f)
        key.add_text(theirs if self._sold else self._own_vat)
        key.add_byte(0x1f)
        key.add_text(self._number.whole())
        return int.from_bytes(blake2b(key.whole(), digest_size=8).digest(), "big", signed=True)


cdef inline unsigned char _sign(long long number) noexcept:
    return c"-" if number < 0 else (c"0" if number == 0 else c"+")


cdef bint _read_cents(Walk walk, Span span, long long *cents) noexcept:
    """Read a decimal as the schema has them, nothing as none; False when it has too many digits."""
    cdef Py_ssize_t at = span.start
    cdef bint negative = walk._byte(at) == c"-" and at < span.end
    cdef int digits = 0, fraction = -1
    cdef long long found = 0
    at += negative
    while at < span.end:
        if walk._byte(at) == c".":
            fraction = 0
        elif fraction < 0:
            digits += 1
            found = found * 10 + walk._byte(at) - c"0"
        else:
            fraction += 1
            found = found * 10 + walk._byte(at) - c"0"
        at += 1
        if digits > WHOLE_DIGITS or fraction > 2:
            return False
    for _ in range(max(fraction, 0), 2):
        found *= 10
    cents[0] = -found if negative else found
    return True
