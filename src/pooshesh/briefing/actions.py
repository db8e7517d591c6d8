"""Writers of briefings: changing a template, making, signing."""

import datetime as dt
import hashlib
import re
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from pooshesh.access.reach import Reach
from pooshesh.briefing import making, signing
from pooshesh.briefing.models import Briefing, Paper, Template, Version
from pooshesh.briefing.text import Asked, asked_in, parse, same_figures
from pooshesh.insight import figures, publishing
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean
from pooshesh.places.models import Area

_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
TAKEN = ("new",)  # an address of its own
LOCK = 6_016  # held while a briefing is made, so that two presses make one

explain(
    {
        "briefing.code": gettext_noop(
            "“%(read)s” cannot be the code of a template; expected a short word of Latin letters,"
            " digits and “-” that no other has."
        ),
        "briefing.name": gettext_noop("Give the template a name in both languages."),
        "briefing.why": gettext_noop("Say why the template is changed."),
        "briefing.same": gettext_noop("Nothing was changed."),
        "briefing.moved": gettext_noop(
            "Somebody changed the template meanwhile; look at the newest version first."
        ),
        "briefing.signed": gettext_noop("This briefing is signed already."),
        "briefing.changed": gettext_noop(
            "The kept file is not what was made; it is not signed. Tell whoever keeps figures."
        ),
    }
)


@transaction.atomic
def add(
    code: str, name_fa: str, name_en: str, text_fa: str, text_en: str, *, why: str,
    actor: UUID | None,
) -> Template:  # fmt: skip
    """A new template with its first version. Errors: Invalid for a code that is taken or no code,
    a missing name, and what `change` refuses."""
    names = clean(name_fa)[:120], clean(name_en)[:120]
    if not all(names):
        raise Invalid("briefing.name")
    if not _CODE.fullmatch(code) or code in TAKEN:
        raise Invalid("briefing.code", read=code)
    try:
        with transaction.atomic():
            made = Template.objects.create(code=code, name_fa=names[0], name_en=names[1])
    except IntegrityError as error:
        raise Invalid("briefing.code", read=code) from error
    audit.record(
        "briefing.add", actor=actor, kind="briefing_template", object_id=made.pk,
        content={"code": code, "name_fa": names[0], "name_en": names[1]},
    )  # fmt: skip
    change(made, text_fa, text_en, why=why, after=0, actor=actor)
    return made


@transaction.atomic
def change(
    template: Template, text_fa: str, text_en: str, *, why: str, after: int, actor: UUID | None
) -> Version:
    """A new version of a template; `after` is the number that was read before it was changed.

    Errors: Invalid for placeholders that are not known, areas that are not there, languages that
    use other figures, no reason, no change, or a change by somebody else meanwhile.
    """
    texts = _checked(text_fa, text_en)
    if not clean(why):
        raise Invalid("briefing.why")
    Template.objects.select_for_update().get(pk=template.pk)
    newest = template.versions.order_by("-number").first()
    number = newest.number if newest else 0
    if number != after:
        raise Invalid("briefing.moved")
    if newest and (newest.text_fa, newest.text_en) == texts:
        raise Invalid("briefing.same")
    made = Version.objects.create(
        template=template, number=number + 1, text_fa=texts[0], text_en=texts[1],
        why=clean(why)[:300], made_by=actor,
    )  # fmt: skip
    audit.record(
        "briefing.change", actor=actor, kind="briefing_template", object_id=template.pk,
        content={"number": made.number, "text_fa": texts[0], "text_en": texts[1]},
    )  # fmt: skip
    return made


def _checked(text_fa: str, text_en: str) -> tuple[str, str]:
    known = figures.book().indicators
    texts = text_fa.replace("\r\n", "\n").strip(), text_en.replace("\r\n", "\n").strip()
    persian, english = (parse(text, known) for text in texts)
    same_figures(persian, english)
    _placed(asked_in(persian))
    return texts


def _placed(asked: tuple[Asked, ...]) -> None:
    codes = {one.area for one in asked if one.area}
    there = set(Area.objects.filter(code__in=codes).values_list("code", flat=True))
    if missing := sorted(codes - there):
        raise Invalid("briefing.no_area", read=missing[0])


@transaction.atomic
def make(
    version: Version, area: Area, month: dt.date, *, reach: Reach, address: str,
    actor: UUID | None, as_of: dt.datetime | None = None,
) -> Briefing:  # fmt: skip
    """The briefing of an area and month in both languages, as known at a moment (default: now).

    Of the same inputs there is one: pressed twice, the first is returned. Errors: Invalid.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
    moment = as_of or making.newest() or timezone.now()
    inputs = making.gather(version, area, month, moment, reach, address, as_of)
    found = making.read(inputs)
    numbers = making.kept(found)
    digest = audit.digest({"inputs": inputs.json(), "figures": numbers, "version": version.pk})
    if before := Briefing.objects.filter(digest=digest).first():
        return before
    made = Briefing.objects.create(
        version=version, area=area, area_path=area.path, province=area.province, month=month,
        as_of=moment, inputs=inputs.json(), figures=numbers, digest=digest, made_by=actor,
        flagged=any(making.is_flagged(one, inputs.flagged) for one in found.values()),
    )  # fmt: skip
    for language in making.LANGUAGES:
        words = making.words(inputs, language)
        pdf = making.paper(inputs, words, language)
        Paper.objects.create(
            briefing=made, language=language, words=words, pdf=pdf,
            sha256=hashlib.sha256(pdf).hexdigest(),
        )  # fmt: skip
    audit.record(
        "briefing.make", actor=actor, kind="briefing", object_id=made.pk,
        area_path=str(made.area_path), content={"digest": digest},
    )  # fmt: skip
    return made


def made_again(briefing: Briefing) -> dict[str, bytes]:
    """The papers made anew of the facts as they were known then; language → PDF."""
    inputs = making.of_json(briefing.inputs)
    return {
        language: making.paper(inputs, making.words(inputs, language), language)
        for language in making.LANGUAGES
    }


@transaction.atomic
def sign(briefing: Briefing, *, actor: UUID) -> None:
    """Sign both papers and say that their figures were published. Errors: Invalid when it is
    signed already, or a kept paper is not what was made."""
    papers = list(Paper.objects.select_for_update().filter(briefing=briefing))
    if any(hashlib.sha256(bytes(one.pdf)).hexdigest() != one.sha256 for one in papers):
        raise Invalid("briefing.changed")
    done = Briefing.objects.filter(pk=briefing.pk, signed_at=None).update(
        signed_at=timezone.now(), signed_by=actor, signed_key=signing.public_key()
    )
    if not done:
        raise Invalid("briefing.signed")
    for one in papers:
        Paper.objects.filter(pk=one.pk).update(signature=signing.sign(bytes(one.pdf)))
    inputs = making.of_json(briefing.inputs)
    shown = [
        line.figure
        for line in making.masked(inputs, making.read(inputs)).values()
        if not line.masked
    ]
    publishing.publish("briefing", inputs.title["fa"], shown, actor=actor)
    audit.record(
        "briefing.sign", actor=actor, kind="briefing", object_id=briefing.pk,
        area_path=str(briefing.area_path),
        content={"papers": sorted(one.sha256 for one in papers)},
    )  # fmt: skip


@transaction.atomic
def open_template(code: str, name_fa: str, name_en: str, text_fa: str, text_en: str) -> None:
    """A template the product brings; once there it is changed by people alone."""
    if Template.objects.filter(code=code).exists():
        return
    made = Template.objects.create(code=code, name_fa=name_fa, name_en=name_en)
    texts = _checked(text_fa, text_en)
    Version.objects.create(
        template=made, number=1, text_fa=texts[0], text_en=texts[1], why="Pooshesh"
    )
