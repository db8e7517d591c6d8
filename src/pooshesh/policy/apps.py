from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PolicyConfig(AppConfig):
    name = "pooshesh.policy"
    label = "policy"

    def ready(self) -> None:
        from pooshesh.kernel.audit import recorded
        from pooshesh.people import facts as of_people
        from pooshesh.policy import (
            effects,  # noqa: F401 - registers its jobs
            facts,
            redecide,
        )
        from pooshesh.policy.home import packs, waiting
        from pooshesh.policy.retention import CLASSES, HELD
        from pooshesh.web.registry import (
            HomePart,
            MenuItem,
            register_data,
            register_held,
            register_home,
            register_menu,
            register_names,
            register_tones,
        )

        register_menu(
            MenuItem(_("Rule packs"), "policy:packs", "rules.read", _("Rules"), 500),
            MenuItem(
                _("Versions of rule packs"),
                "policy:versions",
                "rules.approve",
                _("Rules"),
                510,
                national=True,
            ),
            MenuItem(
                _("Scenarios"),
                "policy:scenarios",
                "rules.simulate",
                _("Rules"),
                520,
                national=True,
            ),
        )
        register_data(*CLASSES)
        register_held(HELD)
        register_home(
            HomePart(_("Rule packs"), "rules.read", 60, packs),
            HomePart(_("Proposals that wait for you"), "rules.approve", 15, waiting),
        )
        register_names(
            {
                "policy.decide": _("Decided by the rules"),
                "policy.propose": _("Proposed a version of a rule pack"),
                "policy.approved": _("Approved a version of a rule pack"),
                "policy.refused": _("Refused a version of a rule pack"),
                "policy.withdrawn": _("Withdrew a version of a rule pack"),
                "policy.scenario": _("Tried a reform"),
                "policy.remark": _("Said something about a scenario"),
                "policy.letter": _("Opened the letter about a decision"),
                "policy.explain": _("Read the explanation of a decision"),
                "decision": _("Decision"),
                "pack": _("Rule pack"),
                "scenario": _("Scenario"),
                "version": _("Version of a rule pack"),
                "persons": _("Persons looked at"),
                "moved": _("Persons moved"),
                "decisions": _("New decisions"),
            }
        )
        facts.register(facts.Source(_("Register of persons"), of_people.FACTS, of_people.SQL, {}))
        recorded.connect(redecide.note_change, dispatch_uid="policy.note_change")
        register_tones(
            {
                "enrol_free": "good",
                "pays_share": "info",
                "not_ours": "quiet",
                "dependant_worklist": "warn",
                "regularise": "warn",
                "needs_decile": "warn",
                "value_unknown": "warn",
                "proposed": "info",
                "approved": "good",
                "refused": "bad",
                "withdrawn": "quiet",
            }
        )
