"""What is fast and by how much: ratios to a named reference in the same run (`make bench`)."""
