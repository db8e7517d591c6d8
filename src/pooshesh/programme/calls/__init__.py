"""Verification calls: a random sample of the newly insured is asked whether it is true."""
