"""Sealed files: written once, opened in whole segments, checked without a key."""
