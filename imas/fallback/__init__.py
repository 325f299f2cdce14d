"""The composition root of a.VAZ's desk: its own settings, addresses and door for web servers.

Apart from `imas.settings`, which asks for the main database: the desk starts without any of it.
"""
