"""What stops a start, told to a person in one line."""


class StartError(Exception):
    """Something outside the program is not as it must be: one line, what is wrong and what to do."""
