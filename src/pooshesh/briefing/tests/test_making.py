"""Making briefings: the same of the same, also after new data came in."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import override

from pooshesh.access.reach import EVERYWHERE, Reach
from pooshesh.briefing import actions, seed, signing
from pooshesh.briefing.models import Briefing, Paper, Template, Version
from pooshesh.briefing.tests.conftest import LATER, TEXT, facts
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.insight.models import Published, Snapshot
from pooshesh.insight.months import of_code
from pooshesh.insight.tests import made
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Event
from pooshesh.places.models import Area
from pooshesh.statements import seed as statements

pytestmark = pytest.mark.django_db


def make(version: Version, area: Area, **more: Any) -> Briefing:
    known: dict[str, Any] = {"reach": EVERYWHERE, "address": "http://here", "actor": None, **more}
    return actions.make(version, area, of_code("1401-10"), **known)


def test_a_briefing_keeps_its_numbers_and_prints_them_in_both_languages(
    country: Country, counted: None, version: Version
) -> None:
    one = make(version, country.nation)

    paper = one.papers.get(language="fa")
    assert one.figures[0] == {
        "asked": "covered_share", "reference": "covered_share/ir/1401-10/1", "numerator": 60,
        "denominator": 100,
    }  # fmt: skip
    assert one.figures[1]["reference"] == "paid/p15/1401-09..1401-10/1"
    assert one.figures[1]["numerator"] == 14_000_000
    assert "۶۰٫۰٪" in str(paper.words["blocks"])
    assert "60.0%" in str(one.papers.get(language="en").words["blocks"])
    assert bytes(paper.pdf).startswith(b"%PDF")
    assert b"http://here/figures/at/covered_share/ir/1401-10/1/" in bytes(paper.pdf)


def test_a_year_old_briefing_is_the_same_after_new_data_came_in(
    country: Country, counted: None, version: Version
) -> None:
    one = make(version, country.nation)
    made.month("1401-10", facts(country, 900), at=LATER)
    made.month("1401-11", facts(country, 950), at=LATER)
    Area.objects.filter(pk=country.nation.pk).update(name_fa="نام دیگر")
    Snapshot.objects.update(flagged=True)

    again = actions.made_again(one)

    kept = {paper.language: paper.sha256 for paper in one.papers.all()}
    assert {key: hashlib.sha256(pdf).hexdigest() for key, pdf in again.items()} == kept
    assert make(version, country.nation).figures[0]["numerator"] == 900


def test_the_same_inputs_are_one_briefing(
    country: Country, counted: None, version: Version
) -> None:
    first, second = make(version, country.nation), make(version, country.nation)

    assert first == second
    assert Event.objects.filter(action="briefing.make").count() == 1


def test_figures_of_few_people_are_not_printed(
    country: Country, counted: None, version: Version
) -> None:
    words = make(version, country.nation).papers.get(language="fa").words

    note = words["notes"][2]
    assert note["text"] == "کمتر از ۵"
    assert note["parts"] == ""


def test_months_of_a_red_check_are_flagged(
    country: Country, counted: None, version: Version
) -> None:
    Snapshot.objects.filter(month=of_code("1401-09")).update(flagged=True)

    one = make(version, country.nation)

    words = one.papers.get(language="fa").words
    assert one.flagged
    assert "آذر ۱۴۰۱" in words["warning"]
    assert [note["flagged"] for note in words["notes"]] == [False, True, False, False, False]


def test_the_shipped_template_prints_what_does_not_reconcile(
    country: Country, counted: None
) -> None:
    statements.seed()
    seed.seed()
    seed.seed()
    version = Version.objects.get(template__code="president")

    one = make(version, country.nation)

    rows = one.papers.get(language="en").words["reconciliation"]
    assert len(rows) == 13
    assert rows[0][0].startswith("R1:")


def test_a_month_nobody_counted_and_a_place_outside_are_refused(
    country: Country, counted: None, version: Version
) -> None:
    text = f"{{paid@{country.tehran_city.code}}}"
    far = actions.change(version.template, text, text, why="دور", after=1, actor=None)

    with pytest.raises(Invalid) as uncounted:
        actions.make(version, country.nation, of_code("1390-01"), reach=EVERYWHERE, address="",
                     actor=None)  # fmt: skip
    with pytest.raises(Invalid) as outside:
        make(far, country.lorestan, reach=Reach(provinces=("15",)))

    assert uncounted.value.code == "briefing.nothing"
    assert outside.value.code == "briefing.elsewhere"


def test_a_change_is_a_version_and_needs_what_is_known(version: Version) -> None:
    template = version.template

    with pytest.raises(Invalid, match="paidd"):
        actions.change(template, "{paidd}", "{paidd}", why="x", after=1, actor=None)
    with pytest.raises(Invalid, match="p99"):
        actions.change(template, "{paid@p99}", "{paid@p99}", why="x", after=1, actor=None)
    with pytest.raises(Invalid, match="meanwhile"):
        actions.change(template, "{paid}", "{paid}", why="x", after=0, actor=None)
    with pytest.raises(Invalid, match="why"):
        actions.change(template, "{paid}", "{paid}", why=" ", after=1, actor=None)
    with pytest.raises(Invalid, match="Nothing"):
        actions.change(template, TEXT, TEXT, why="x", after=1, actor=None)
    assert actions.change(template, "{paid}", "{paid}", why="x", after=1, actor=None).number == 2


def test_signing_signs_both_papers_once_and_publishes_what_is_shown(
    country: Country, cast: Cast, counted: None, version: Version
) -> None:
    one = make(version, country.nation)

    actions.sign(one, actor=cast.national_director.pk)

    one.refresh_from_db()
    paper = one.papers.get(language="en")
    assert signing.fits(bytes(paper.pdf), bytes(paper.signature or b""), one.signed_key)
    published = Published.objects.filter(channel="briefing").values_list("reference", flat=True)
    assert "covered_share/ir/1401-10/1" in published
    assert "sma_patients/ir/1401-10/1" not in published
    with pytest.raises(Invalid, match="already"):
        actions.sign(one, actor=cast.national_director.pk)


def test_what_was_made_is_never_changed(country: Country, counted: None, version: Version) -> None:
    one = make(version, country.nation)

    with pytest.raises(IntegrityError), transaction.atomic():
        Paper.objects.filter(briefing=one).update(sha256="0")
    with pytest.raises(IntegrityError), transaction.atomic():
        Briefing.objects.filter(pk=one.pk).update(figures=[])
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.update(text_fa="x")


# --- pages ---------------------------------------------------------------------------------------


def typed(version: Version, **more: str) -> dict[str, str]:
    return {"template": str(version.template_id), "area": "p15", "month": "1401-10", **more}


def test_one_press_makes_it_and_a_director_signs_it(
    cast: Cast, as_user: SignIn, counted: None, version: Version
) -> None:
    answer = as_user(cast.statistician).post(reverse("briefing:make"), typed(version, area="ir"))
    one = Briefing.objects.get()
    director = as_user(cast.national_director)
    signed = director.post(reverse("briefing:sign", args=[one.pk]), follow=True)
    pdf, sig = (
        director.get(reverse("briefing:file", args=[one.pk, name]))
        for name in ("briefing-fa.pdf", "briefing-fa.pdf.sig")
    )
    key = director.get(reverse("briefing:file", args=[one.pk, "key.pem"])).content.decode()

    assert answer["Location"] == reverse("briefing:briefing", args=[one.pk])
    assert "امضاشده" in signed.content.decode()
    assert pdf["Content-Type"] == "application/pdf"
    assert signing.fits(pdf.content, sig.content, key)


def test_references_on_the_page_lead_to_their_figures(
    country: Country, cast: Cast, as_user: SignIn, counted: None, version: Version
) -> None:
    one = make(version, country.nation)
    client = as_user(cast.national_director)

    page = client.get(reverse("briefing:briefing", args=[one.pk])).content.decode()

    address = "/figures/at/covered_share/ir/1401-10/1/"
    assert f'href="{address}"' in page
    assert client.get(address).status_code == 200
    assert client.get(f"{address}rows/").status_code == 200


def test_a_director_of_a_province_makes_and_signs_only_its_own(
    country: Country, cast: Cast, as_user: SignIn, counted: None, version: Version
) -> None:
    national = make(version, country.nation)
    client = as_user(cast.lorestan_director)

    own = client.post(reverse("briefing:make"), typed(version))
    foreign = client.post(reverse("briefing:make"), typed(version, area="p23"))

    assert own.status_code == 302
    assert foreign.status_code == 200
    assert Briefing.objects.count() == 2
    page = client.get(reverse("briefing:list")).content.decode()
    assert str(national.pk) not in page
    assert client.get(reverse("briefing:briefing", args=[national.pk])).status_code == 404
    assert client.post(reverse("briefing:sign", args=[national.pk])).status_code == 404
    assert client.get(reverse("briefing:change", args=["short"])).status_code == 404


def test_a_keeper_of_figures_does_not_sign_and_a_clerk_sees_nothing(
    country: Country, cast: Cast, as_user: SignIn, counted: None, version: Version
) -> None:
    one = make(version, country.nation)

    keeper = as_user(cast.statistician).post(reverse("briefing:sign", args=[one.pk]))
    clerk = as_user(cast.lorestan_clerk).get(reverse("briefing:list"))

    assert keeper.status_code == 404
    assert clerk.status_code == 404


def test_a_template_is_changed_on_its_page(cast: Cast, as_user: SignIn, version: Version) -> None:
    client = as_user(cast.statistician)
    address = reverse("briefing:change", args=["short"])
    wrong = {"text_fa": "{nothing}", "text_en": "{nothing}", "why": "x", "after": "1"}

    refused = client.post(address, wrong)
    saved = client.post(address, {**wrong, "text_fa": "{paid}", "text_en": "{paid}"})

    assert "nothing" in refused.content.decode()
    assert refused.status_code == 200
    assert saved.status_code == 302
    assert Template.objects.get().versions.count() == 2
    assert "{paid}" in client.get(saved["Location"]).content.decode()


def test_making_again_says_whether_it_is_the_same(
    country: Country, cast: Cast, as_user: SignIn, counted: None, version: Version
) -> None:
    one = make(version, country.nation)

    page = as_user(cast.auditor).post(reverse("briefing:again", args=[one.pk]), follow=True)

    with override("fa"):
        assert "بایت" in page.content.decode()


# --- signatures ----------------------------------------------------------------------------------


def test_a_signature_holds_for_its_bytes_and_its_key_alone(tmp_path: Path) -> None:
    file, beside = tmp_path / "b.pdf", tmp_path / "b.pdf.sig"
    other, broken = tmp_path / "other.pem", tmp_path / "broken.pem"
    file.write_bytes(b"%PDF one")
    with pytest.raises(Invalid, match="no signature"):
        signing.check(file)
    beside.write_bytes(signing.sign(b"%PDF one"))
    other.write_text(OTHER)
    broken.write_text("no key")

    signing.check(file)
    with pytest.raises(Invalid, match="does not fit"):
        signing.check(file, other)
    with pytest.raises(Invalid, match="no public key"):
        signing.check(file, broken)
    file.write_bytes(b"%PDF two")
    with pytest.raises(Invalid, match="does not fit"):
        signing.check(file)


OTHER = """-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
"""


# --- new templates -------------------------------------------------------------------------------


def test_a_new_template_is_made_of_the_text_of_another_and_briefings_of_it(
    country: Country, cast: Cast, as_user: SignIn, counted: None, version: Version
) -> None:
    client = as_user(cast.statistician)
    form = client.get(reverse("briefing:add"), {"from": "short"})
    text = form.context["form"].initial
    typed = {**text, "code": "minister", "name_fa": "گزارش وزیر", "name_en": "Minister"}

    saved = client.post(reverse("briefing:add"), {**typed, "why": "جلسه"}, follow=True)

    assert "گزارش وزیر" in saved.content.decode()
    made_of = Version.objects.get(template__code="minister", number=1)
    assert (made_of.text_en, made_of.made_by) == (TEXT, cast.statistician.pk)
    assert make(made_of, country.nation).papers.count() == 2
    assert Event.objects.filter(action="briefing.add").count() == 1


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"code": "short"}, "briefing.code"), ({"code": "new"}, "briefing.code"),
        ({"code": "Two words"}, "briefing.code"), ({"name_en": " "}, "briefing.name"),
        ({"text_fa": "{nothing}"}, "briefing.unknown"), ({"why": ""}, "briefing.why"),
    ],
)  # fmt: skip
def test_a_new_template_that_cannot_be_is_refused_whole(
    version: Version, wrong: dict[str, str], code: str
) -> None:
    good = {"code": "minister", "name_fa": "گزارش", "name_en": "Report", "text_fa": TEXT,
            "text_en": TEXT, "why": "جلسه"}  # fmt: skip

    with pytest.raises(Invalid) as refused:
        actions.add(**{**good, **wrong}, actor=None)

    assert refused.value.code == code
    assert Template.objects.count() == 1


def test_templates_are_added_by_who_writes_them_for_the_nation(
    cast: Cast, as_user: SignIn, version: Version
) -> None:
    pages = [
        as_user(who).get(reverse("briefing:add")).status_code
        for who in (cast.statistician, cast.national_director, cast.lorestan_director)
    ]

    assert pages == [200, 404, 404]
