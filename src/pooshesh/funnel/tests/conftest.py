"""Patients and applications of Lorestan, for what the funnel counts."""

from pooshesh.fund.tests.conftest import *  # noqa: F403 - the fund's patients are counted here
