"""Template filters of a.VAZ."""
