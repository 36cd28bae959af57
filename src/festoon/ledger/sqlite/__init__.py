"""Django's SQLite back end with one fair queue of writers."""
