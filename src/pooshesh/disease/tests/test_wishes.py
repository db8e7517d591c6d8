"""Wishes to add a disease: counted however they are spelt, shown once somebody looked."""

import pytest
from django.test import Client

from pooshesh.conftest import Cast
from pooshesh.disease import wishes
from pooshesh.disease.models import Disease, Wish, WishVoice
from pooshesh.disease.tests.conftest import WHY
from pooshesh.kernel.errors import Invalid

pytestmark = pytest.mark.django_db


def test_one_disease_in_two_spellings_is_one_wish() -> None:
    wishes.wish("بيماري كرون", words="برای فرزندم")
    wishes.wish("بیماری کرون", province="15")

    assert Wish.objects.get().count == 2
    assert WishVoice.objects.count() == 2


def test_what_is_on_the_list_cannot_be_wished_for(listed: Disease) -> None:
    with pytest.raises(Invalid, match="on the list"):
        wishes.wish("تالاسمی ماژور")


def test_a_wish_without_a_name_is_refused() -> None:
    with pytest.raises(Invalid, match="three letters"):
        wishes.wish("؟!")


def test_a_declined_wish_says_why(cast: Cast) -> None:
    made = wishes.wish("بیماری کرون")

    with pytest.raises(Invalid, match="letters or more"):
        wishes.answer(
            made, name="کرون", state="declined", words="نه", disease=None,
            actor=cast.fund_manager.pk,
        )  # fmt: skip


def test_anybody_wishes_and_reads_the_count_once_somebody_looked(
    client: Client, listed: Disease, cast: Cast
) -> None:
    client.post("/wishes/", {"name": "بیماری کرون", "words": "", "province": "15"})
    before = client.get("/wishes/").content.decode()
    wishes.answer(
        Wish.objects.get(), name="بیماری کرون", state="open", words=WHY, disease=None,
        actor=cast.fund_manager.pk,
    )  # fmt: skip

    after = client.get("/wishes/").content.decode()

    assert "بیماری کرون" not in before
    assert "بیماری کرون" in after
    assert WHY in after


def test_who_wishes_too_often_waits(client: Client, listed: Disease) -> None:
    answers = [
        client.post("/wishes/", {"name": f"بیماری شماره {n}"}).status_code for n in range(11)
    ]

    assert answers == [302] * 10 + [429]
    assert Wish.objects.count() == 10


def test_a_robot_that_fills_every_box_is_passed_over(client: Client, listed: Disease) -> None:
    client.post("/wishes/", {"name": "بیماری کرون", "website": "http://x"})

    assert not Wish.objects.exists()
