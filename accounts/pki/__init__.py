"""The authority that issues client certificates to programs: requests in, certificates out."""
