"""Lengths of time that no source states: assumptions, said so wherever they are shown."""

import datetime as dt

#: Between a run and the day by which a clerk must have looked into an item.
ITEM = dt.timedelta(days=30)
#: Between a decision that cover is free and the day by which the person must know.
TELL = dt.timedelta(days=30)
#: Between filing an appeal against a decile and its answer.
APPEAL = dt.timedelta(days=30)
#: Whether a decile appeal that is not answered holds cover as it was.
APPEAL_HOLDS_COVER = True
#: How long an item stays with the clerk who opened it.
LOCK = dt.timedelta(minutes=15)
#: How long the bytes of a sheet that nobody wrote are kept.
SHEET_DAYS = 30
