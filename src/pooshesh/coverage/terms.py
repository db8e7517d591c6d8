"""Lengths of time that no source states: assumptions, said so wherever they are shown."""

import datetime as dt

#: Between telling somebody and the first day without cover.
NOTICE = dt.timedelta(days=15)
#: A newborn is covered with the parent, without premium, before an enrolment of its own.
NEWBORN_GRACE = dt.timedelta(days=60)
#: Between the issue of an invoice and the day it is due.
PAYMENT = dt.timedelta(days=30)
#: How long a card says something; what it says is looked up each time.
CARD = dt.timedelta(days=365)
