"""The page from which a whole area is billed."""

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from pooshesh.access.guard import SignedIn, needs
from pooshesh.coverage import billing, dues, forms, queries
from pooshesh.coverage.models import Scheme
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.money import Rial


def _premiums(today: dt.date) -> list[tuple[dt.date, list[Rial | None]]]:
    """(from which day, what a person pays a year in each fund), the newest first."""
    known = dues.rates(today)
    days = sorted({rate.since for fund in known.values() for rate in fund}, reverse=True)
    return [(day, [dues.yearly(known, fund, day) for fund in Scheme]) for day in days]


@needs("coverage.write")
def bill(request: SignedIn) -> HttpResponse:
    """Bill all households of an area for a year or a month, in the background."""
    form = forms.BillForm(request.POST or None, reach=request.user.reach(queries.WRITE))
    if form.is_valid():
        try:
            job = billing.start_billing(
                form.cleaned_data["area"], *form.period(), actor=request.user.pk
            )
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            return redirect("access:job", job.pk)
    return render(
        request, "coverage/bill.html",
        {"form": form, "back": reverse("coverage:arrears"),
         "premiums": _premiums(timezone.localdate()), "funds": [f.label for f in Scheme]},
    )  # fmt: skip
