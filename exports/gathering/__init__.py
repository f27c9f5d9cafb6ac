"""Turns rows into what a package says. It opens and words; it writes nothing."""
