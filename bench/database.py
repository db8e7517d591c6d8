"""A database of a benchmark's own in the embedded cluster."""

import os

import source  # noqa: F401
from pooshesh.kernel.config import PROJECT, config
from pooshesh.kernel.postgres import Cluster


def own(cluster: Cluster, name: str, *, fresh: bool = True) -> None:
    """Point Django at the database of this name, with all tables; made anew unless not `fresh`."""
    with cluster.connect() as server:
        if fresh:
            server.execute(f"drop database if exists {name} with (force)")
        found = server.execute("select 1 from pg_database where datname = %s", [name])
        if not found.fetchone():
            server.execute(f"create database {name}")
    url = cluster.url("postgres", name)
    os.environ["POOSHESH_DATABASE_URL"] = os.environ["POOSHESH_DATABASE_OWNER_URL"] = url
    os.environ["DJANGO_SETTINGS_MODULE"] = "pooshesh.settings"
    os.environ["PYTHONPATH"] = str(PROJECT / "src")  # for the processes that a benchmark starts
    config.cache_clear()
    import django

    django.setup()
    from pooshesh.kernel import schema

    schema.migrate()
