# cython: language_level=3, boundscheck=True, wraparound=False, initializedcheck=True
"""Records recognised by a program: a table of steps, one for each element of the schema.

The bytes come from strangers, so they are read in two places only: `_byte`, which answers 0 past
the end, and `_stands`, which first asks whether so many bytes are left. Neither 0 nor a byte past
the end is part of anything that is recognised, so no loop runs on. A program is checked once, when
its form is made: every text, class, word, child and slot it names lies in its table, and children
stand behind their parents, so that the recursion is no deeper than the table is long. Spans are
written for slots so checked, of occurrences fewer than the list holds; they begin and end between
bytes that were read. Whoever asks for a span by number has the number checked.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from cpython.mem cimport PyMem_Calloc, PyMem_Free
from cpython.unicode cimport PyUnicode_DecodeUTF8
from libc.string cimport memcmp

cdef enum:
    CONTAINER, TEXT, RUN, WORD, DATE, DECIMAL, KINDS

cdef enum:
    CLASS = 256
    MOST_SLOTS = 1_048_576

# The words that every program begins with: the mark of an element without a value to its quote,
# "true", and the five entities.
cdef enum:
    NIL, TRUE, ENTITIES, OWN_WORDS = 7


cdef class Form:
    """A program made ready; ValueError when it is none. Never changes, so all may share it."""

    def __cinit__(self, program):
        cdef Py_ssize_t at
        self._texts, self._classes = bytes(program.texts), bytes(program.classes)
        self._text = <const unsigned char *>PyBytes_AS_STRING(self._texts)
        self._class = <const unsigned char *>PyBytes_AS_STRING(self._classes)
        self._step_count = len(program.steps)
        self._word_count = len(program.words)
        self.many = len(program.lists)
        self._steps = <Step *>_made(self._step_count, sizeof(Step))
        self._words = <Word *>_made(self._word_count, sizeof(Word))
        self._lists = <Repeated *>_made(self.many, sizeof(Repeated))
        for at in range(self._step_count):
            self._steps[at] = program.steps[at]._asdict()
        for at in range(self._word_count):
            self._words[at].start, self._words[at].size = program.words[at]
        self.once = self._slots = program.once
        _demand(0 < self.once <= MOST_SLOTS)
        for at in range(self.many):
            self._lists[at] = program.lists[at]._asdict()
            self._check_list(at)
        for at in range(self._word_count):
            _demand_inside(self._words[at].start, self._words[at].size, len(self._texts))
        _demand(self._step_count > 0 and self._word_count >= OWN_WORDS)
        self._check_step(0, self.once)

    def __dealloc__(self):
        PyMem_Free(self._steps)
        PyMem_Free(self._words)
        PyMem_Free(self._lists)

    cdef int _check_list(self, int which) except -1:
        cdef Repeated *found = &self._lists[which]
        _demand(found.slot == self._slots and 0 < found.width <= MOST_SLOTS)
        _demand(0 < found.most <= MOST_SLOTS)
        self._slots += <Py_ssize_t>found.width * found.most
        _demand(self._slots <= MOST_SLOTS)
        return 0

    cdef int _check_step(self, int at, int slots) except -1:
        """Hold a step and those below it to the table; `slots` is how many there are for them."""
        cdef Step *step = &self._steps[at]
        cdef int child
        _demand(CONTAINER <= step.kind < KINDS)
        _demand_inside(step.opening, step.opening_size, len(self._texts))
        _demand_inside(step.closing, step.closing_size, len(self._texts))
        if step.many >= 0:
            _demand(0 < at and step.many < self.many)
            slots = self._lists[step.many].width
        if step.kind == CONTAINER:
            _demand_inside(step.first, step.number, self._step_count)
            for child in range(step.first, step.first + step.number):
                _demand(child > at)
                self._check_step(child, slots)
            return 0
        _demand(0 <= step.slot < slots and step.least >= 0 and step.most >= 0)
        if step.kind == WORD:
            _demand_inside(step.first, step.number, self._word_count)
        if step.kind == TEXT or step.kind == RUN:
            _demand_inside(<Py_ssize_t>step.first * CLASS, CLASS, len(self._classes))
            _demand(0 <= step.number < self._word_count and not self._classes[step.first * CLASS])
        return 0


cdef class Walk:
    """Goes through the records of a chunk, one after the other.

    `at` is where it stands: before a record, or where nothing was recognised; `line` is the line
    there and `position` the number of records before. The chunk must be UTF-8.
    """

    def __cinit__(self, Form form not None, bytes data not None, line, position):
        self.form, self.data, self.line, self.position = form, data, line, position
        self._bytes = <const unsigned char *>PyBytes_AS_STRING(data)
        self._size = PyBytes_GET_SIZE(data)
        self._next = -1
        self._spans = <Span *>_made(form._slots, sizeof(Span))
        self._counts = <Py_ssize_t *>_made(form.many, sizeof(Py_ssize_t))

    def __dealloc__(self):
        PyMem_Free(self._spans)
        PyMem_Free(self._counts)

    cpdef bint sees(self) except -1:
        """Recognise the record here; False when it is written in no way that is known."""
        cdef Py_ssize_t slot, which, end
        for slot in range(self.form.once):
            self._spans[slot].start = self._spans[slot].end = 0
        for which in range(self.form.many):
            self._counts[which] = 0
        end = self._element(0, self.at, 0)
        self._next = -1 if end < 0 else self._blanks(end)
        return end >= 0

    cpdef int pass_by(self) except -1:
        """Stand behind the record that was recognised and the blanks after it."""
        if self._next < 0:
            raise LookupError("nothing was recognised")
        self.move(self._next)
        self.position += 1
        return 0

    cpdef int move(self, Py_ssize_t end) except -1:
        """Stand further on; forward only, and not past the end."""
        cdef const unsigned char *data = self._bytes
        cdef Py_ssize_t at, lines = 0
        if not self.at <= end <= self._size:
            raise IndexError(end)
        for at in range(self.at, end):
            lines += data[at] == c"\n"
        self.line += lines
        self.at, self._next = end, -1
        return 0

    def skip_blanks(self):
        """Stand behind the blanks here."""
        self.move(self._blanks(self.at))

    def skip_records(self, Py_ssize_t number):
        """Count records that somebody else has read."""
        self.position += number

    def values(self):
        """Return the values of the recognised record that stand in it once, as they are written."""
        return tuple([self._spelled(self.once(slot)) for slot in range(self.form.once)])

    def lists(self):
        """Return the elements that repeat, each a tuple of its values, by the lists they are in."""
        return tuple([
            tuple([
                tuple([
                    self._spelled(self.each(which, number, slot))
                    for slot in range(self.form._lists[which].width)
                ])
                for number in range(self.count(which))
            ])
            for which in range(self.form.many)
        ])

    cdef Py_ssize_t width(self, Py_ssize_t which) except -1:
        """Return how many values an element of a list has."""
        if not 0 <= which < self.form.many:
            raise IndexError(which)
        return self.form._lists[which].width

    cdef Py_ssize_t count(self, Py_ssize_t which) except -1:
        """Return how many elements of a list were recognised."""
        if self._next < 0 or not 0 <= which < self.form.many:
            raise IndexError(which)
        return self._counts[which]

    cdef Span once(self, Py_ssize_t slot) except *:
        """Return where a value lies that stands in the record once."""
        if self._next < 0 or not 0 <= slot < self.form.once:
            raise IndexError(slot)
        return self._spans[slot]

    cdef Span each(self, Py_ssize_t which, Py_ssize_t number, Py_ssize_t slot) except *:
        """Return where a value of an element that repeats lies."""
        if not 0 <= number < self.count(which) or not 0 <= slot < self.form._lists[which].width:
            raise IndexError(slot)
        cdef Repeated *found = &self.form._lists[which]
        return self._spans[found.slot + number * found.width + slot]

    cdef str _spelled(self, Span span):
        return PyUnicode_DecodeUTF8(
            <const char *>self._bytes + span.start, span.end - span.start, NULL
        )

    # What follows returns where something ends that begins here, -1 when it does not.

    cdef inline int _byte(self, Py_ssize_t at) noexcept:
        return self._bytes[at] if 0 <= at < self._size else 0

    cdef inline bint _stands(self, Py_ssize_t at, int text, int size) noexcept:
        if not 0 <= at <= self._size or self._size - at < size:
            return False
        return memcmp(self._bytes + at, self.form._text + text, size) == 0

    cdef Py_ssize_t _blanks(self, Py_ssize_t at) noexcept:
        cdef int byte = self._byte(at)
        while byte == c" " or byte == c"\n" or byte == c"\r" or byte == c"\t":
            at += 1
            byte = self._byte(at)
        return at

    cdef Py_ssize_t _element(self, int which, Py_ssize_t at, int base) noexcept:
        """An element; its values go to their slots behind `base`."""
        cdef Step *step = &self.form._steps[which]
        if not self._stands(at, step.opening, step.opening_size):
            return -1
        at += step.opening_size
        if self._byte(at) != c">":
            return self._without_value(step, at)
        if step.kind == CONTAINER:
            return self._container(step, at + 1, base)
        cdef Py_ssize_t end = self._value(step, at + 1)
        if end < 0 or not self._stands(end, step.closing, step.closing_size):
            return -1
        self._spans[base + step.slot].start = at + 1
        self._spans[base + step.slot].end = end
        return end + step.closing_size

    cdef Py_ssize_t _container(self, Step *step, Py_ssize_t at, int base) noexcept:
        """What follows the opening tag of a container."""
        cdef int child
        cdef Py_ssize_t end
        at = self._blanks(at)
        for child in range(step.first, step.first + step.number):
            if self.form._steps[child].many >= 0:
                end = self._repeated(child, at)
            else:
                end = self._element(child, at, base)
            if end >= 0:
                at = self._blanks(end)
            elif self.form._steps[child].needed:
                return -1
        if not self._stands(at, step.closing, step.closing_size):
            return -1
        return at + step.closing_size

    cdef Py_ssize_t _repeated(self, int which, Py_ssize_t at) noexcept:
        """As many of an element as stand here, with the blanks after each."""
        cdef Repeated *found = &self.form._lists[self.form._steps[which].many]
        cdef int number = 0, base, slot
        cdef Py_ssize_t end
        while number < found.most:
            base = found.slot + number * found.width
            for slot in range(base, base + found.width):
                self._spans[slot].start = self._spans[slot].end = 0
            end = self._element(which, at, base)
            if end < 0:
                break
            at = self._blanks(end)
            number += 1
        self._counts[self.form._steps[which].many] = number
        return at if number >= found.least else -1

    cdef Py_ssize_t _without_value(self, Step *step, Py_ssize_t at) noexcept:
        """The rest of an opening tag without a value, to the end of the element."""
        cdef Py_ssize_t end
        if step.may_be_empty:
            end = self._slashed(at)
            if end >= 0:
                return end
        if not step.nillable or not self._has_word(at, NIL):
            return -1
        at += self.form._words[NIL].size
        cdef int quote = self._byte(at)
        if quote != c'"' and quote != c"'":
            return -1
        at += 1
        if self._byte(at) == c"1":
            at += 1
        elif self._has_word(at, TRUE):
            at += self.form._words[TRUE].size
        else:
            return -1
        if self._byte(at) != quote:
            return -1
        if self._byte(at + 1) == c">" and self._stands(at + 2, step.closing, step.closing_size):
            return at + 2 + step.closing_size
        return self._slashed(at + 1)

    cdef Py_ssize_t _slashed(self, Py_ssize_t at) noexcept:
        """The end of a tag that closes itself, after a space or none."""
        if self._byte(at) == c" ":
            at += 1
        if self._byte(at) == c"/" and self._byte(at + 1) == c">":
            return at + 2
        return -1

    cdef Py_ssize_t _value(self, Step *step, Py_ssize_t at) noexcept:
        if step.kind == TEXT:
            return self._text(step, at)
        if step.kind == DECIMAL:
            return self._decimal(step, at)
        if step.kind == DATE:
            return self._date(at)
        if step.kind == WORD:
            return self._word(step, at)
        return self._run(step, at)

    cdef Py_ssize_t _text(self, Step *step, Py_ssize_t at) noexcept:
        """Bytes of a class and entities; each counts as one."""
        cdef const unsigned char *known = self.form._class + step.first * CLASS
        cdef int units = 0, entity
        while units <= step.most:
            if known[self._byte(at)]:
                at += 1
            elif self._byte(at) == c"&":
                for entity in range(ENTITIES, OWN_WORDS):
                    if self._has_word(at, entity):
                        at += self.form._words[entity].size
                        break
                else:
                    return -1
            else:
                break
            units += 1
        return at if step.least <= units <= step.most else -1

    cdef Py_ssize_t _run(self, Step *step, Py_ssize_t at) noexcept:
        """A word, then bytes of a class; together as many as are allowed."""
        cdef const unsigned char *known = self.form._class + step.first * CLASS
        cdef Py_ssize_t start = at
        if not self._has_word(at, step.number):
            return -1
        at += self.form._words[step.number].size
        while known[self._byte(at)]:
            at += 1
        return at if step.least <= at - start <= step.most else -1

    cdef Py_ssize_t _word(self, Step *step, Py_ssize_t at) noexcept:
        """One of some words, to the beginning of the next tag."""
        cdef int word
        for word in range(step.first, step.first + step.number):
            if self._has_word(at, word) and self._byte(at + self.form._words[word].size) == c"<":
                return at + self.form._words[word].size
        return -1

    cdef Py_ssize_t _date(self, Py_ssize_t at) noexcept:
        """Digits as a date has them; whether it is one is not asked here."""
        cdef int place, byte
        for place in range(10):
            byte = self._byte(at + place)
            if place == 4 or place == 7:
                if byte != c"-":
                    return -1
            elif not c"0" <= byte <= c"9":
                return -1
        return at + 10

    cdef Py_ssize_t _decimal(self, Step *step, Py_ssize_t at) noexcept:
        """A sign or none, up to `least` digits, and a point with up to `most` others or none."""
        cdef Py_ssize_t end
        if self._byte(at) == c"-":
            at += 1
        end = self._digits(at, step.least)
        if end < 0 or self._byte(end) != c".":
            return end
        return self._digits(end + 1, step.most)

    cdef Py_ssize_t _digits(self, Py_ssize_t at, int most) noexcept:
        cdef Py_ssize_t start = at
        while c"0" <= self._byte(at) <= c"9":
            at += 1
        return at if 1 <= at - start <= most else -1

    cdef bint _has_word(self, Py_ssize_t at, int word) noexcept:
        return self._stands(at, self.form._words[word].start, self.form._words[word].size)


cdef void *_made(Py_ssize_t count, size_t size) except NULL:
    cdef void *room = PyMem_Calloc(max(count, 1), size)
    if room is NULL:
        raise MemoryError
    return room


cdef int _demand(bint kept) except -1:
    if not kept:
        raise ValueError("no program")
    return 0


cdef int _demand_inside(Py_ssize_t start, Py_ssize_t size, Py_ssize_t all_of_it) except -1:
    return _demand(start >= 0 and size >= 0 and start <= all_of_it - size)
