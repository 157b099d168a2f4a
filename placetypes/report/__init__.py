"""Figures, pages and comparisons, made from published tables only."""
