"""Kept counts: one small row per campaign, per day of it and per neighbourhood.

Pages and boards read these rows, so that a page takes the same few statements whether twenty
thousand people are registered or twenty million. A campaign's row is written in the transaction
that writes its results; a neighbourhood's follows within a minute whatever room changed it.
"""
