from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RequestsConfig(AppConfig):
    name = "pooshesh.requests"
    label = "requests"

    def ready(self) -> None:
        from pooshesh.documents.registry import register_owner
        from pooshesh.meetings import registry
        from pooshesh.meetings.registry import Kind
        from pooshesh.people.signals import died
        from pooshesh.requests import (
            appeals,
            committee,
            ending,
            evidence,
            fast,
            money,
            names,
            queries,
            reexamine,
            verdicts,
            worked,
        )
        from pooshesh.requests.models import Decider
        from pooshesh.requests.states import APPEAL_VERDICTS, VERDICTS

        for code, title, of in (
            (committee.MATTER, _("Expense request"), Decider.COMMITTEE),
            (committee.POLICY, _("Request with a value that is not known"), Decider.GROUP),
        ):
            registry.register(
                Kind(code, title, VERDICTS, committee.show, verdicts.decided(of),
                     reexamine.undone, worked.on)
            )  # fmt: skip
        registry.register(
            Kind(committee.APPEAL, _("Appeal of a request"), APPEAL_VERDICTS, appeals.show,
                 appeals.decided, appeals.undone, worked.on_appeals)
        )  # fmt: skip
        died.connect(ending.on_death, dispatch_uid="requests.died")
        register_owner(evidence.OWNER, queries.may_open_documents)
        register_owner(fast.PAPER, queries.may_open_papers)
        money.register()
        names.register()
