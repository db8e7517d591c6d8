"""Django's PostgreSQL engine, asking less of a connection that is in use."""
