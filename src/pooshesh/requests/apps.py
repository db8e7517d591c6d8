from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RequestsConfig(AppConfig):
    name = "pooshesh.requests"
    label = "requests"

    def ready(self) -> None:
        from pooshesh.meetings import registry
        from pooshesh.meetings.registry import Kind
        from pooshesh.people.signals import died
        from pooshesh.requests import appeals, committee, ending
        from pooshesh.requests.models import Decider
        from pooshesh.requests.states import APPEAL_VERDICTS, VERDICTS

        registry.register(
            Kind(
                committee.MATTER, _("Expense request"), VERDICTS, committee.show,
                committee.decided(Decider.COMMITTEE), committee.undone,
            )
        )  # fmt: skip
        registry.register(
            Kind(
                committee.POLICY, _("Request with a value that is not known"), VERDICTS,
                committee.show, committee.decided(Decider.GROUP), committee.undone,
            )
        )  # fmt: skip
        registry.register(
            Kind(
                committee.APPEAL, _("Appeal of a request"), APPEAL_VERDICTS, appeals.show,
                appeals.decided, appeals.undone,
            )
        )  # fmt: skip
        died.connect(ending.on_death, dispatch_uid="requests.died")


