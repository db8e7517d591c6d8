"""Patient files for life and the applications that open them; the clerk's desk."""
