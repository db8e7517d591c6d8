from django.apps import AppConfig


class FundConfig(AppConfig):
    name = "pooshesh.fund"
    label = "fund"

    def ready(self) -> None:
        from pooshesh.disease.registered import register_origin
        from pooshesh.disease.signals import claim_moved, tags_attached
        from pooshesh.documents.registry import register_owner
        from pooshesh.fund import (
            applications,
            desk,
            following,
            intake,  # noqa: F401 - registers its jobs
            names,
            queries,
            reminders,  # noqa: F401 - registers its job
        )
        from pooshesh.fund.signals import application_moved
        from pooshesh.kernel.audit import recorded
        from pooshesh.people.signals import death_withdrawn, died

        register_owner(applications.OWNER, queries.may_open_documents)
        register_origin(applications.OWNER)
        died.connect(following.on_death, dispatch_uid="fund.died")
        death_withdrawn.connect(following.on_death_withdrawn, dispatch_uid="fund.death_withdrawn")
        claim_moved.connect(following.on_claim, dispatch_uid="fund.claim")
        tags_attached.connect(following.on_registry, dispatch_uid="fund.registry")
        application_moved.connect(following.on_moved, dispatch_uid="fund.moved")
        recorded.connect(following.on_event, dispatch_uid="fund.event")
        desk.register(names.APPLICATIONS)
        names.register()
