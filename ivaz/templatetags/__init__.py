"""Filters of the i.VAZ pages."""
