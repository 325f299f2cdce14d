# What the other compiled module uses of this one.

cdef struct Step:
    int kind
    int opening, opening_size, closing, closing_size
    bint needed, may_be_empty, nillable
    int least, most, first, number
    int slot, many


cdef struct Word:
    int start, size


cdef struct Repeated:
    int slot, width, least, most


cdef struct Span:
    Py_ssize_t start, end


cdef class Form:
    cdef Step *_steps
    cdef Word *_words
    cdef Repeated *_lists
    cdef Py_ssize_t _step_count, _word_count, _slots
    cdef readonly Py_ssize_t once, many
    cdef bytes _texts, _classes
    cdef const unsigned char *_text
    cdef const unsigned char *_class

    cdef int _check_step(self, int at, int slots) except -1
    cdef int _check_list(self, int which) except -1


cdef class Walk:
    cdef readonly Py_ssize_t at, line, position
    cdef readonly bytes data
    cdef Form form
    cdef const unsigned char *_bytes
    cdef Py_ssize_t _size, _next
    cdef Span *_spans
    cdef Py_ssize_t *_counts

    cpdef bint sees(self) except -1
    cpdef int pass_by(self) except -1
    cpdef int move(self, Py_ssize_t end) except -1
    cdef Py_ssize_t count(self, Py_ssize_t which) except -1
    cdef Py_ssize_t width(self, Py_ssize_t which) except -1
    cdef Span once(self, Py_ssize_t slot) except *
    cdef Span each(self, Py_ssize_t which, Py_ssize_t number, Py_ssize_t slot) except *

    cdef str _spelled(self, Span span)
    cdef int _byte(self, Py_ssize_t at) noexcept
    cdef bint _stands(self, Py_ssize_t at, int text, int size) noexcept
    cdef bint _has_word(self, Py_ssize_t at, int word) noexcept
    cdef Py_ssize_t _blanks(self, Py_ssize_t at) noexcept
    cdef Py_ssize_t _element(self, int which, Py_ssize_t at, int base) noexcept
    cdef Py_ssize_t _container(self, Step *step, Py_ssize_t at, int base) noexcept
    cdef Py_ssize_t _repeated(self, int which, Py_ssize_t at) noexcept
    cdef Py_ssize_t _without_value(self, Step *step, Py_ssize_t at) noexcept
    cdef Py_ssize_t _slashed(self, Py_ssize_t at) noexcept
    cdef Py_ssize_t _value(self, Step *step, Py_ssize_t at) noexcept
    cdef Py_ssize_t _text(self, Step *step, Py_ssize_t at) noexcept
    cdef Py_ssize_t _run(self, Step *step, Py_ssize_t at) noexcept
    cdef Py_ssize_t _word(self, Step *step, Py_ssize_t at) noexcept
    cdef Py_ssize_t _date(self, Py_ssize_t at) noexcept
    cdef Py_ssize_t _decimal(self, Step *step, Py_ssize_t at) noexcept
    cdef Py_ssize_t _digits(self, Py_ssize_t at, int most) noexcept
