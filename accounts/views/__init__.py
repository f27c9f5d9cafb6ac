"""Pages about people and their sign-in; what the library serves is in `accounts.borrowed_urls`."""
