"""The campaign: one neighbourhood's census becomes decisions, cover, worklists and a report.

    read → validate → match → register → record → decide → enrol → worklists → report

Steps that decide are pure (`match`, `decide`, `figures`); `record` alone writes. `run.run` is the
one function behind the command and the web.
"""
