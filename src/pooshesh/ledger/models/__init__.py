"""Tables of the fund's money: accounts and journal, budget, commitments, vouchers, the bank.

Every rial is somewhere: an account says where (available, committed, …) in a year and a province,
and only a trigger writes its balance. What must never happen is refused by the database
(`0001_money`): an entry that does not balance, a balance below zero, a journal that is changed, a
voucher whose payee changed without a second person, two living payments of one voucher.
"""

from pooshesh.ledger.models.advances import Advance, Certificate, CertificateState, Refund
from pooshesh.ledger.models.bank import (
    BankFile,
    Finding,
    LineKind,
    LineState,
    Payment,
    PaymentState,
    Statement,
    StatementLine,
)
from pooshesh.ledger.models.books import Account, Allocation, Budget, Code, Entry, Posting, YearEnd
from pooshesh.ledger.models.paying import (
    Commitment,
    CommitmentState,
    Limit,
    LimitVerb,
    Order,
    OrderState,
    PayeeKind,
    PayeeRecord,
    PayeeState,
    Voucher,
    VoucherState,
)

__all__ = [
    "Account",
    "Advance",
    "Allocation",
    "BankFile",
    "Budget",
    "Certificate",
    "CertificateState",
    "Code",
    "Commitment",
    "CommitmentState",
    "Entry",
    "Finding",
    "Limit",
    "LimitVerb",
    "LineKind",
    "LineState",
    "Order",
    "OrderState",
    "PayeeKind",
    "PayeeRecord",
    "PayeeState",
    "Payment",
    "PaymentState",
    "Posting",
    "Refund",
    "Statement",
    "StatementLine",
    "Voucher",
    "VoucherState",
    "YearEnd",
]
