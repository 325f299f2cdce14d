"""Single sign-on with the authority's other systems (VA-119, 10 p.)."""
