"""A pretended bank for a local run and for tests: it speaks VIISP over HTTP, it proves nothing."""
