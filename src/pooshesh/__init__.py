"""Pooshesh: finds and insures the people nobody covers."""

__version__ = "0.1.0"
