"""Expense requests and prior approvals: decided by rule or committee, appealed."""
