"""Every write about people and their sign-in is a verb of this package. Called by views, adapters and
commands.
"""
