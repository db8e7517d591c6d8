"""How often one address may ask, without keeping addresses: a hash under a salt that soon goes."""

import hmac
import secrets
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

LOOKS, LOOK_WINDOW = 60, 300  # codes asked for by one address in so many seconds
SENDS, SEND_WINDOW = 30, 3600  # reports; many telephones share the address of their network


def too_many(request: HttpRequest, use: str, tries: int, window: int) -> bool:
    """Whether an address asked more than `tries` times in the running `window` of seconds."""
    round_number = int(time.time() // window)
    salt = cache.get_or_set(f"voice.salt:{use}:{round_number}", secrets.token_hex, window)
    who = hmac.digest(str(salt).encode(), _address(request).encode(), "sha256").hex()[:32]
    key = f"voice:{use}:{round_number}:{who}"
    cache.add(key, 0, window)
    try:
        return cache.incr(key) > tries
    except ValueError:  # it ended between the two
        return False


def _address(request: HttpRequest) -> str:
    """Who asks: the last hop of our own proxy in production, else the connection."""
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rsplit(",", 1)[-1].strip()
        if forwarded:
            return forwarded
    return str(request.META.get("REMOTE_ADDR", ""))
