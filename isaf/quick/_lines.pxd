# What the short way writes with.

from isaf.quick._scan cimport Span, Walk


cdef class Lines:
    cdef bytearray _held
    cdef Py_ssize_t size

    cdef int add(self, const unsigned char *piece, Py_ssize_t size) except -1
    cdef int add_text(self, bytes text) except -1
    cdef int add_span(self, Walk walk, Span span) except -1
    cdef int add_byte(self, unsigned char byte) except -1
    cdef int add_number(self, long long number, int digits=*) except -1
    cdef int add_euros(self, long long cents) except -1
    cdef bytes whole(self)
