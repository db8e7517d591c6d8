"""Programmes for under-served places: their neighbourhoods, and how complete each is."""
