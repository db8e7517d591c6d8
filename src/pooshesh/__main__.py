"""`python -m pooshesh VERB`."""

import os
import sys
from importlib import import_module
from importlib.util import find_spec


def load_verbs() -> None:
    """Import every module that registers commands; Django must be set up."""
    from django.conf import settings

    rooms = [f"pooshesh.{room}.verbs" for room in settings.ROOMS if room != "kernel"]
    for module in ["pooshesh.up", "pooshesh.checks", "pooshesh.reference", *rooms]:
        if find_spec(module):
            import_module(module)


def main() -> int:
    """Set Django up, collect every room's verbs, run the one asked for."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pooshesh.settings")
    import django
    from django.utils import translation

    from pooshesh.kernel import verbs

    django.setup()
    translation.activate(os.environ.get("POOSHESH_LANGUAGE", "en"))
    load_verbs()
    return verbs.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
