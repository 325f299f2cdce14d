"""The desk of a.VAZ: a process of its own with a database of its own; nothing of the main one."""
