"""`python -m pooshesh VERB`."""

import os
import sys
from importlib import import_module
from importlib.util import find_spec


def load_verbs() -> None:
    """Import every module that registers commands; Django must be set up."""
    from django.conf import settings

    rooms = [f"pooshesh.{room}.verbs" for room in settings.ROOMS if room != "kernel"]
    for module in [
        "pooshesh.up",
        "pooshesh.cluster",
        "pooshesh.checks",
        "pooshesh.reference",
        *rooms,
    ]:
        if find_spec(module):
            import_module(module)


def main() -> int:
    """Set Django up, collect every room's verbs, run the one asked for; its exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pooshesh.settings")
    import django
    from django.utils import translation

    from pooshesh.kernel import verbs

    try:
        django.setup()
        translation.activate(os.environ.get("POOSHESH_LANGUAGE", "en"))
        load_verbs()
    except OSError as error:  # such as a home that may not be written; no language is known yet
        print(f"pooshesh: {verbs.as_invalid(error)}", file=sys.stderr)  # noqa: T201
        return 2
    except KeyboardInterrupt:
        return verbs.INTERRUPTED
    return verbs.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
