"""Classifications held against each other."""
