"""The fund's money: budget, commitments, vouchers, payment orders, bank files; double entry."""
