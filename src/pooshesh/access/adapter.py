"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from pooshesh.kernel.crypto import keyring

SECOND_FACTOR = "second_factor"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are given by an administrator, never signed up for."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Seeds of second factors lie sealed: who reads the database cannot make codes."""

    def encrypt(self, text: str) -> str:
        return keyring().seal(text, SECOND_FACTOR).hex()

    def decrypt(self, encrypted_text: str) -> str:
        return keyring().open(bytes.fromhex(encrypted_text), SECOND_FACTOR)
