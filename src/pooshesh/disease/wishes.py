"""Wishes to add a disease: made by anybody without a name, counted in public, answered by a clerk.

What was wished for is shown by name only after somebody looked at it: the form is open to all.
"""

from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from pooshesh.disease.models import Disease, Wish, WishState, WishVoice
from pooshesh.disease.tags import reason
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean, key

LONGEST_WORDS = 1_000

explain(
    {
        "disease.wish_short": gettext_noop(
            "Write the name of the disease, in three letters or more."
        ),
        "disease.wish_listed": gettext_noop("“%(read)s” is on the list already."),
        "disease.wish_answer": gettext_noop("Choose the disease that was added for it."),
    }
)


@transaction.atomic
def wish(name: str, *, words: str = "", province: str = "") -> Wish:
    """Ask for a disease once more; equal names in any spelling are one wish. 4 statements."""
    name = clean(name)[:160]
    folded = key(name)
    if len(folded) < 3:
        raise Invalid("disease.wish_short")
    listed = Disease.objects.values_list("name_fa", "name_en")
    if any(folded in map(key, names) for names in listed):
        raise Invalid("disease.wish_listed", read=name)
    now = timezone.now()
    Wish.objects.bulk_create([Wish(key=folded, name=name, first_at=now)], ignore_conflicts=True)
    Wish.objects.filter(key=folded).update(count=F("count") + 1, last_at=now)
    made = Wish.objects.get(key=folded)
    WishVoice.objects.create(wish=made, province=province, words=clean(words)[:LONGEST_WORDS])
    audit.record("disease.wish", actor=None, kind="wish", object_id=made.pk)
    return made


@transaction.atomic
def answer(
    found: Wish, *, name: str, state: str, words: str, disease: Disease | None, actor: UUID
) -> Wish:
    """Say what became of a wish; from then on the public reads its name, count and answer."""
    if state == WishState.ADDED and disease is None:
        raise Invalid("disease.wish_answer")
    if state == WishState.DECLINED:
        words = reason(words)
    found = Wish.objects.select_for_update().get(pk=found.pk)
    found.name, found.state, found.answer = clean(name)[:160] or found.name, state, clean(words)
    found.disease = disease if state == WishState.ADDED else None
    found.save()
    audit.record(
        "disease.answer_wish", actor=actor, kind="wish", object_id=found.pk,
        content={"state": state, "disease": disease.pk if disease else ""},
    )  # fmt: skip
    return found
