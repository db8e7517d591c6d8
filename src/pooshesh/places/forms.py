"""Forms of places: what narrows a list, and what changes an area.

Each change form has `act`, which calls one action; the action's refusals are shown on the form.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.places import actions, cells, facilities, queries
from pooshesh.places.actions import NewArea
from pooshesh.places.facilities import Facts
from pooshesh.places.fields import AreaField
from pooshesh.places.models import Area, AreaKind, Facility, FacilityKind, SetKind
from pooshesh.places.queries import Scope
from pooshesh.web.fields import JalaliDateField
from pooshesh.web.format import number

explain(
    {
        "form.parts": gettext_noop(
            "“%(read)s” was read; expected on each line a code, a comma, and a Persian name."
        )
    }
)

ANY = ("", _("All"))
NONE = "none"
WRITE = "places.write"
MERGED_AT_ONCE = 5  # areas; beyond that, one merges again


class _Narrow(forms.Form):
    """Lists of what lies within reach; unknown choices are passed over."""

    province = forms.ChoiceField(label=_("Province"), required=False)

    def __init__(self, reach: Scope, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        provinces = queries.areas(reach).filter(kind=AreaKind.PROVINCE)
        self._choose("province", [(p.province, str(p)) for p in provinces])

    def _choose(self, field: str, choices: list[tuple[str, str]]) -> None:
        self.fields[field].choices = [ANY, *choices]  # type: ignore[attr-defined]

    def asked(self, field: str) -> str:
        """What was chosen, "" for all."""
        self.is_valid()
        value: str = self.cleaned_data.get(field) or ""
        return value


class AreaNarrow(_Narrow):
    """Narrows the list of areas."""

    field_order: Iterable[str] | None = ("kind", "province", "sponsor", "catchment", "on")
    kind = forms.ChoiceField(label=_("Kind"), choices=[ANY, *AreaKind.choices], required=False)
    sponsor = forms.ChoiceField(label=_("Sponsor"), required=False)
    catchment = forms.ChoiceField(label=_("University catchment"), required=False)
    on = JalaliDateField(label=_("As of"), required=False)

    def __init__(self, reach: Scope, *args: object, **kwargs: object) -> None:
        super().__init__(reach, *args, **kwargs)
        sets = [(s.kind, s.code, str(s)) for s in queries.area_sets()]
        nobody = [(NONE, str(_("Nobody")))]
        self._choose("sponsor", nobody + [(c, n) for k, c, n in sets if k == SetKind.SPONSOR])
        self._choose("catchment", [(c, n) for k, c, n in sets if k == SetKind.CATCHMENT])


class FacilityNarrow(_Narrow):
    """Narrows the list of facilities."""

    field_order: Iterable[str] | None = ("kind", "province")
    kind = forms.ChoiceField(label=_("Kind"), choices=[ANY, *FacilityKind.choices], required=False)


class UploadForm(forms.Form):
    """A sheet, and the day from which it holds."""

    file = forms.FileField(label=_("File (CSV or XLSX)"))
    on = JalaliDateField(label=_("Holds from"), initial=timezone.localdate)


class ChangeForm(forms.Form):
    """A change of one area as from a day, by somebody who may write within `reach`."""

    on = JalaliDateField(label=_("Holds from"), initial=timezone.localdate)

    def __init__(self, data: Any = None, *, area: Area, reach: Scope, **kwargs: Any) -> None:
        super().__init__(data, initial=self.of(area), **kwargs)
        self.area, self.reach = area, reach

    @classmethod
    def of(cls, area: Area) -> dict[str, object]:
        """What the form shows at first."""
        return {}

    def act(self, actor: UUID) -> Model | None:
        """Call the action; what it made, if anything. Raises Invalid."""
        raise NotImplementedError


class _NamesForm(ChangeForm):
    field_order: Iterable[str] | None = ("name_fa", "name_en", "on")
    name_fa = forms.CharField(label=_("Persian name"), max_length=160)
    name_en = forms.CharField(label=_("English name"), max_length=160, required=False)


class RenameForm(_NamesForm):
    """Give an area another name."""

    @classmethod
    def of(cls, area: Area) -> dict[str, object]:
        return {"name_fa": area.name_fa, "name_en": area.name_en}

    def act(self, actor: UUID) -> None:
        actions.rename_area(
            actor=actor, area=self.area, name_fa=self.cleaned_data["name_fa"],
            name_en=self.cleaned_data["name_en"], since=self.cleaned_data["on"],
        )  # fmt: skip


class _NewAreaForm(_NamesForm):
    """The code and names of an area to be made."""

    field_order: Iterable[str] | None = ("code", "name_fa", "name_en", "on")
    code = forms.CharField(label=_("Code"), max_length=24)

    def new(self) -> NewArea:
        data = self.cleaned_data
        return NewArea(data["code"].strip(), data["name_fa"], data["name_en"])


class AddForm(_NewAreaForm):
    """Make an area right below this one."""

    def act(self, actor: UUID) -> Area:
        return actions.create_area(
            actor=actor, parent=self.area, new=self.new(), since=self.cleaned_data["on"]
        )


class MergeForm(_NewAreaForm):
    """Make one area of this one and others."""

    OTHERS = tuple(f"other_{place}" for place in range(1, MERGED_AT_ONCE))

    def __init__(self, *args: Any, area: Area, **kwargs: Any) -> None:
        super().__init__(*args, area=area, **kwargs)
        for place, name in enumerate(self.OTHERS, start=1):
            other = AreaField(
                label=gettext("Other area %(place)s") % {"place": number(place)},
                permission=WRITE, kind=AreaKind(area.kind), required=place == 1,
            )  # fmt: skip
            other.within(self.reach)
            self.fields[name] = other
        self.order_fields([*self.OTHERS, *self.fields])

    def act(self, actor: UUID) -> Area:
        data = self.cleaned_data
        others = [data[name] for name in self.OTHERS if data[name]]
        return actions.merge_areas(
            actor=actor, areas=[self.area, *others], into=self.new(), on=data["on"]
        )


class SplitForm(ChangeForm):
    """Make several areas of this one."""

    field_order: Iterable[str] | None = ("parts", "on")
    parts = forms.CharField(
        label=_("Parts: on each line a code, a comma, and a Persian name"),
        widget=forms.Textarea({"rows": 3}),
    )

    def act(self, actor: UUID) -> None:
        lines = self.cleaned_data["parts"].splitlines()
        parts = [_part(line) for line in lines if line.strip()]
        actions.split_area(actor=actor, area=self.area, parts=parts, on=self.cleaned_data["on"])


class EndForm(ChangeForm):
    """The area exists no longer."""

    def act(self, actor: UUID) -> None:
        actions.end_area(actor=actor, area=self.area, on=self.cleaned_data["on"])


class CellField(forms.CharField):
    """Text that is read as a cell of a sheet is, None when blank."""

    def __init__(self, parse: Callable[[str], object], **options: Any) -> None:
        super().__init__(**options)
        self.parse = parse

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        try:
            return self.parse(typed) if typed else None
        except Invalid as error:
            raise forms.ValidationError(error.message()) from None


class FacilityForm(forms.Form):
    """What is known of a facility. `seen` is its state when the form was opened."""

    name_fa = forms.CharField(label=_("Persian name"), max_length=160)
    name_en = forms.CharField(label=_("English name"), max_length=160, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=FacilityKind.choices)
    level = forms.TypedChoiceField(
        label=_("Level"), choices=[(level, level) for level in (1, 2, 3)], coerce=int
    )
    area = AreaField(
        label=_("Lies in"), permission=WRITE,
        help_text=_("Type a part of its name, or its code."),
    )  # fmt: skip
    beds = CellField(cells.whole, label=_("Beds"), required=False, max_length=7)
    daily_visits = CellField(cells.whole, label=_("Visits a day"), required=False, max_length=7)
    services = CellField(
        cells.words, label=_("Services"), required=False, help_text=_("Parted by commas")
    )
    opened_on = JalaliDateField(label=_("Opened on"), required=False)
    closed_on = JalaliDateField(label=_("Closed on"), required=False)
    latitude = CellField(cells.latitude, label=_("Latitude"), required=False)
    longitude = CellField(cells.longitude, label=_("Longitude"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, facility: Facility, reach: Scope) -> None:
        super().__init__(data, initial=self.of(facility))
        self.facility = facility
        self.fields["area"].within(reach)  # type: ignore[attr-defined]

    @classmethod
    def of(cls, facility: Facility) -> dict[str, object]:
        """What the form shows at first."""
        facts = asdict(facilities.facts_of(facility))
        return {
            **facts,
            "services": "، ".join(facility.services),
            "area": facility.area,
            "seen": facilities.state_of(facility),
        }

    def act(self, actor: UUID) -> None:
        """Write it. Raises Invalid."""
        said = dict(self.cleaned_data)
        area, seen = said.pop("area"), said.pop("seen")
        facts = Facts(
            code=self.facility.code, kind=FacilityKind(said.pop("kind")),
            services=tuple(said.pop("services") or ()), **said,
        )  # fmt: skip
        facilities.update_facility(
            actor=actor, facility=self.facility, area=area, facts=facts, seen=seen
        )


def _part(line: str) -> NewArea:
    code, comma, name = line.replace("،", ",").partition(",")
    if not comma:
        raise Invalid("form.parts", read=line.strip())
    return NewArea(code.strip(), name.strip())


#: Verb → what it is called, and its form.
Changes = dict[str, tuple[object, type[ChangeForm]]]


def change_forms(area: Area) -> Changes:
    """The changes an area of this kind allows."""
    below: Changes = {"add": (_("Add an area below"), AddForm)}
    own: Changes = {
        "rename": (_("Rename"), RenameForm),
        "merge": (_("Merge with others"), MergeForm),
        "split": (_("Split"), SplitForm),
        "end": (_("End"), EndForm),
    }
    if area.kind == AreaKind.NEIGHBOURHOOD:
        return own
    if area.kind in (AreaKind.NATION, AreaKind.PROVINCE):
        return below
    return {**below, **own}
