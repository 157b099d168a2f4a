"""The handbook: a classification on paper, as PDF and for Word."""
