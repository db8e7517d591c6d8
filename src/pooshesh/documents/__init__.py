"""Papers that patients and their helpers bring: checked, re-made, sealed, opened on purpose."""
