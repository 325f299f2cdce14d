"""How the C library keeps memory: one pool for all threads, given back when it is free.

By default every thread has a pool of its own, and what one large request once needed is kept for
the next; a worker that judges files then holds megabytes nobody uses. A chunk of a file comes from
the pool as well: asking the system for each anew costs a third of the time of cutting a file up.
Read by the library when a process starts, hence given by whoever starts it; the image of production
sets the same.
"""

FRUGAL = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": str(3 * 2**20),
    "MALLOC_MMAP_THRESHOLD_": str(2 * 2**20),
}
