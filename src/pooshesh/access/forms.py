"""Forms of access."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from pooshesh.access.reach import Reach
from pooshesh.access.roles import ROLES
from pooshesh.places.fields import AreaField
from pooshesh.places.models import AreaSet
from pooshesh.web.fields import JalaliDateField


class AccountForm(forms.Form):
    """What every account has."""

    username = forms.RegexField(
        r"^[a-z0-9_.-]{3,60}$", label=_("Username"),
        error_messages={"invalid": _("3 to 60 small Latin letters, digits, dot, dash or line")},
    )  # fmt: skip
    email = forms.EmailField(
        label=_("E-mail"), help_text=_("The password is set through a link sent here.")
    )


class UserForm(AccountForm):
    """A new account."""

    field_order = ("username", "full_name", "email")
    full_name = forms.CharField(label=_("Full name"), max_length=120)


class GrantForm(forms.Form):
    """A role over an area or a set of areas, for a time; nobody gives beyond their own reach."""

    role = forms.ChoiceField(
        label=_("Role"), choices=[(role.code, role.title) for role in ROLES.values()]
    )
    area = AreaField(
        label=_("Area"), required=False, permission="access.manage",
        help_text=_("Type a part of its name, or its code."),
    )  # fmt: skip
    area_set = forms.ModelChoiceField(
        label=_("Catchment or sponsor"), queryset=AreaSet.objects.none(), required=False
    )
    counts_only = forms.BooleanField(label=_("Figures only, without names"), required=False)
    since = JalaliDateField(label=_("From"), required=False)
    until = JalaliDateField(label=_("Until"), required=False)

    def __init__(self, *args: Any, reach: Reach, sets: QuerySet[AreaSet], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].within(reach)  # type: ignore[attr-defined]
        self.fields["area_set"].queryset = sets  # type: ignore[attr-defined]
