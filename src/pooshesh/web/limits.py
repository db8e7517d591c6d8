"""How often one address may ask of a page that anybody may open.

No address is kept: counts stand under a hash with a salt that goes with its window.
"""

import hmac
import ipaddress
import secrets
from time import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

#: Of an IPv6 address: a connection is given so many bits' worth of addresses to choose from.
ONE_CONNECTION = 64


def too_many(request: HttpRequest, use: str, tries: int, window: int) -> bool:
    """Whether an address asked for `use` more than `tries` times in the running `window` (s).

    The count begins anew with each window, however often was asked in the last.
    """
    running = int(time() // window)
    salt = str(cache.get_or_set(f"limit.salt:{use}:{running}", secrets.token_hex, window))
    who = hmac.digest(salt.encode(), connection_of(address(request)).encode(), "sha256").hex()
    key = f"limit:{use}:{running}:{who[:32]}"
    # Not `incr`: the database's cache would let the count end after its default time.
    asked = cache.get(key, 0) + 1
    cache.set(key, asked, window)
    return bool(asked > tries)


def address(request: HttpRequest) -> str:
    """Who asks: what our own proxy says in production, else the connection."""
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rsplit(",", 1)[-1].strip()
        if forwarded:
            return forwarded
    return str(request.META.get("REMOTE_ADDR", ""))


def connection_of(text: str) -> str:
    """An address, of IPv6 the network that one connection is given; what is none as it is."""
    try:
        read = ipaddress.ip_address(text)
    except ValueError:
        return text
    if read.version == 4:
        return text
    mapped = read.ipv4_mapped
    return str(mapped or ipaddress.ip_network((read, ONE_CONNECTION), strict=False))
