# cython: language_level=3, boundscheck=True, wraparound=False, initializedcheck=True
"""Questions about the bytes of a whole chunk.

They are asked of typed views whose bounds are checked at each byte. Two calls take several bytes at
once: eight, where so many are left, and `memchr` as many as are left from a byte there is.
"""

from libc.string cimport memchr, memcpy


def is_text(const unsigned char[::1] data not None):
    """Tell whether this is UTF-8 of characters that XML allows as far as bytes from 80 on go."""
    cdef Py_ssize_t at = 0, size = data.shape[0], length
    cdef unsigned long long word
    while at < size:
        if size - at >= 8:
            memcpy(&word, &data[at], 8)
            if not word & 0x8080808080808080ULL:
                at += 8
                continue
        length = 1 if data[at] < 0x80 else _length_of_character(data, at)
        if not length:
            return False
        at += length
    return True


cdef Py_ssize_t _length_of_character(const unsigned char[::1] data, Py_ssize_t at) except -1:
    """Return how many bytes the character has, 0 when it is none or U+FFFE or U+FFFF."""
    cdef int first = data[at], second, length, place
    if 0xc2 <= first <= 0xdf:
        length = 2
    elif 0xe0 <= first <= 0xef:
        length = 3
    elif 0xf0 <= first <= 0xf4:
        length = 4
    else:
        return 0
    if length > data.shape[0] - at:
        return 0
    for place in range(1, length):
        if data[at + place] & 0xc0 != 0x80:
            return 0
    second = data[at + 1]
    if (first == 0xe0 and second < 0xa0) or (first == 0xf0 and second < 0x90):
        return 0  # written longer than it need be
    if (first == 0xed and second >= 0xa0) or (first == 0xf4 and second >= 0x90):
        return 0  # a surrogate, or past the last character
    if first == 0xef and second == 0xbf and data[at + 2] >= 0xbe:
        return 0
    return length


def count_lines(const unsigned char[::1] data not None):
    """Return how many ends of lines there are."""
    cdef Py_ssize_t at, lines = 0
    for at in range(data.shape[0]):
        lines += data[at] == c"\n"
    return lines


def count_ends(const unsigned char[::1] data not None, const unsigned char[::1] name not None):
    """Return how many end tags of this name there are, with a prefix or none."""
    cdef Py_ssize_t at = 1, size = data.shape[0], ends = 0
    cdef const void *found
    while at < size:
        found = memchr(&data[at], c"/", size - at)
        if found is NULL:
            break
        at = <const unsigned char *>found - &data[0] + 1
        if data[at - 2] == c"<":
            ends += _is_rest_of_end(data, at, name)
    return ends


cdef bint _is_rest_of_end(
    const unsigned char[::1] data, Py_ssize_t at, const unsigned char[::1] name
) except -1:
    cdef Py_ssize_t colon = at, size = data.shape[0]
    if _is_closed_name(data, at, name):
        return True
    while colon < size and data[colon] not in b" \t\n\r\f\v<>:/":
        colon += 1
    if colon == at or colon == size or data[colon] != c":":
        return False
    return _is_closed_name(data, colon + 1, name)


cdef bint _is_closed_name(
    const unsigned char[::1] data, Py_ssize_t at, const unsigned char[::1] name
) except -1:
    cdef Py_ssize_t place, size = data.shape[0]
    if name.shape[0] > size - at:
        return False
    for place in range(name.shape[0]):
        if data[at + place] != name[place]:
            return False
    at += name.shape[0]
    while at < size and data[at] in b" \t\n\r\f\v":
        at += 1
    return at < size and data[at] == c">"
