"""Django's own way to PostgreSQL, with one thing more: it reads every time that the database keeps."""
