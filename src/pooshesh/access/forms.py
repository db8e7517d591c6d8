"""Forms of access."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from pooshesh.access.reach import Reach
from pooshesh.access.roles import ROLES
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.places import queries as places
from pooshesh.places.models import Area, AreaSet
from pooshesh.web.fields import JalaliDateField

explain({"access.no_such_area": gettext_noop("There is no area with the code “%(code)s”.")})


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
    area = forms.CharField(
        label=_("Area code"), required=False, help_text=_("For example ir, p15 or p23.")
    )
    area_set = forms.ModelChoiceField(
        label=_("Catchment or sponsor"), queryset=AreaSet.objects.none(), required=False
    )
    counts_only = forms.BooleanField(label=_("Figures only, without names"), required=False)
    since = JalaliDateField(label=_("From"), required=False)
    until = JalaliDateField(label=_("Until"), required=False)

    def __init__(self, *args: Any, reach: Reach, sets: QuerySet[AreaSet], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reach = reach
        self.fields["area_set"].queryset = sets  # type: ignore[attr-defined]

    def clean_area(self) -> Area | None:
        code = self.cleaned_data["area"].strip().lower()
        if not code:
            return None
        try:
            return places.area(self.reach, code)
        except Area.DoesNotExist:
            raise forms.ValidationError(
                Invalid("access.no_such_area", code=code).message()
            ) from None
