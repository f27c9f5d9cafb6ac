"""Django's own way to PostgreSQL, with two things more: times of any kind, plans that last."""
