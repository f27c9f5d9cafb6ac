"""The pages of every room; see `tests/browser/visits.py`."""
