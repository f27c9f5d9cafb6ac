"""The access matrix, a file a room. Each has `ROWS`; see `tests.policy.rows`."""
