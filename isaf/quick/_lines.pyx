# cython: language_level=3, boundscheck=True, wraparound=False, initializedcheck=True
"""Lines for COPY, put together of bytes.

What is written grows in a bytearray, and `add`, through which all goes, first makes room. The
pieces are whole `bytes`, spans that a walk found in its own data, and digits counted here.
"""

from cpython.bytearray cimport (
    PyByteArray_AS_STRING,
    PyByteArray_FromStringAndSize,
    PyByteArray_GET_SIZE,
    PyByteArray_Resize,
)
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from libc.string cimport memcpy

from isaf.quick._scan cimport Span, Walk


cdef class Lines:
    """Bytes that grow."""

    def __cinit__(self):
        self._held = PyByteArray_FromStringAndSize(NULL, 4096)
        self.size = 0

    cdef int add(self, const unsigned char *piece, Py_ssize_t size) except -1:
        """Add bytes; whoever calls vouches for so many at `piece`."""
        cdef Py_ssize_t needed = self.size + size
        if needed > PyByteArray_GET_SIZE(self._held):
            PyByteArray_Resize(self._held, needed + needed // 4)
        memcpy(PyByteArray_AS_STRING(self._held) + self.size, piece, size)
        self.size = needed
        return 0

    cdef int add_text(self, bytes text) except -1:
        return self.add(<const unsigned char *>PyBytes_AS_STRING(text), PyBytes_GET_SIZE(text))

    cdef int add_span(self, Walk walk, Span span) except -1:
        """Add a value; a walk's spans lie in its data."""
        return self.add(walk._bytes + span.start, span.end - span.start)

    cdef int add_byte(self, unsigned char byte) except -1:
        return self.add(&byte, 1)

    cdef int add_number(self, long long number, int digits=1) except -1:
        """Add a number with at least so many digits."""
        cdef unsigned char[24] written
        cdef int at = 24
        cdef unsigned long long left = <unsigned long long>number
        if number < 0:
            left = 0 - left
        while left or digits > 0:
            at -= 1
            written[at] = c"0" + left % 10
            left //= 10
            digits -= 1
        if number < 0:
            at -= 1
            written[at] = c"-"
        return self.add(&written[at], 24 - at)

    cdef int add_euros(self, long long cents) except -1:
        if cents < 0:
            self.add_byte(c"-")
            cents = -cents
        self.add_number(cents // 100)
        self.add_byte(c".")
        return self.add_number(cents % 100, 2)

    cdef bytes whole(self):
        return PyBytes_FromStringAndSize(PyByteArray_AS_STRING(self._held), self.size)
