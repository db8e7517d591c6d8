"""Plans: which neighbourhoods are to be done by whom, by when, for how much; and what it cost."""
