"""Pages of the i.SAF subsystem."""
