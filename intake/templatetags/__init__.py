"""Filters for pages that show documents."""
