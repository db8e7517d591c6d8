"""Uploaded sheets of campaigns at rest; see `kernel.vault`."""

from pooshesh.kernel.config import config
from pooshesh.kernel.vault import BLOCK as BLOCK
from pooshesh.kernel.vault import Vault

VAULT = Vault(lambda: config().home / "uploads" / "campaigns", "campaign file")
keep, opened, version = VAULT.keep, VAULT.opened, VAULT.version
reseal, delete, strays, _path = VAULT.reseal, VAULT.delete, VAULT.strays, VAULT.path
