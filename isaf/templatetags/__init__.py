"""Template filters of the i.SAF subsystem."""
