"""The pure pieces: merging, photos, and what goes on its day."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.census import answers, jpeg, receiving, retention
from pooshesh.census.models import Device, Entry, Photo, Revision
from pooshesh.census.tests.conftest import Field, Receive, content, member, sent
from pooshesh.conftest import Cast
from pooshesh.kernel.errors import Invalid

IDS = [str(UUID(int=n)) for n in range(4)]
WORDS = st.sampled_from(["", "الف", "ب"])


def _contents() -> st.SearchStrategy[dict[str, Any]]:
    one = st.builds(
        lambda made, first, birth: member(id=made, first_name=first, birth=birth),
        st.sampled_from(IDS), WORDS, WORDS,
    )  # fmt: skip
    members = st.lists(one, unique_by=lambda m: m["id"])
    return st.builds(
        lambda people, address: {**content(*people, address=address), "members": people},
        members, WORDS,
    )  # fmt: skip


def _by_id(said: dict[str, Any]) -> dict[str, Any]:
    return {**said, "members": {one["id"]: one for one in said["members"]}}


@given(_contents(), _contents())
def test_taking_nothing_keeps_ours_and_taking_all_gives_theirs(
    ours: dict[str, Any], theirs: dict[str, Any]
) -> None:
    paths = {path for path, _our, _their in answers.differences(ours, theirs)}

    assert answers.merge(ours, theirs, set()) == ours
    assert _by_id(answers.merge(ours, theirs, paths)) == _by_id(theirs)


@given(_contents())
def test_a_version_does_not_differ_from_itself(said: dict[str, Any]) -> None:
    assert answers.differences(said, said) == []


# --- photos -----------------------------------------------------------------------------------


def _segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2) + body


def _jpeg(*more: bytes, height: int = 20, width: int = 30) -> bytes:
    frame = b"\x08" + height.to_bytes(2) + width.to_bytes(2) + b"\x01\x01\x11\x00"
    scan = _segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\x34"
    return b"".join([b"\xff\xd8", *more, _segment(0xC0, frame), scan, b"\xff\xd9"])


def test_what_a_camera_adds_is_left_out() -> None:
    place = _segment(0xE1, b"Exif\x00\x00 35.66N 51.42E")

    assert jpeg.cleaned(_jpeg(place, _segment(0xFE, b"remark"))) == _jpeg()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "photo.form"),
        (b"%PDF-1.7", "photo.form"),
        (b"\x89PNG\r\n\x1a\n", "photo.form"),
        (b"\xff\xd8<script>\xff\xd9", "photo.form"),
        (b"\xff\xd8\xff\xd9", "photo.form"),
        (_jpeg()[:-3] + b"\xff\xd8", "photo.form"),
        (_jpeg(height=0), "photo.form"),
        (_jpeg(width=4000), "photo.wide"),
        (b"\xff\xd8" + bytes(800_000), "photo.large"),
    ],
)
def test_what_is_no_small_jpeg_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        jpeg.cleaned(body)

    assert refused.value.code == code


def _read(body: bytes) -> bytes:
    """The picture, or the code of the refusal."""
    try:
        return jpeg.cleaned(body)
    except Invalid as refused:
        return refused.code.encode()


@given(st.binary(max_size=200))
def test_any_bytes_are_a_picture_or_refused(body: bytes) -> None:
    read = _read(b"\xff\xd8" + body + b"\xff\xd9")

    assert read.startswith((b"\xff\xd8", b"photo."))


def _send_photo(cast: Cast, device: Device, made: UUID, entry: UUID) -> None:
    receiving.receive_photo(cast.field_worker, device.id, made, entry, _jpeg())


def test_a_photo_comes_after_its_household_and_once(
    field: Field, receive: Receive, device: Device, cast: Cast
) -> None:
    one, made = sent(field.given[0], content()), UUID(int=9)
    with pytest.raises(Invalid) as early:
        _send_photo(cast, device, made, one.id)
    receive(one)

    _send_photo(cast, device, made, one.id)
    _send_photo(cast, device, made, one.id)

    assert early.value.code == "field.no_household"
    assert Photo.objects.get().entry_id == one.id


# --- retention ----------------------------------------------------------------------------------


def test_photos_and_answers_go_on_their_day_and_counts_stay(
    field: Field, receive: Receive, device: Device, cast: Cast
) -> None:
    one = sent(field.given[0], content())
    receive(one)
    _send_photo(cast, device, UUID(int=9), one.id)
    today = timezone.localdate()
    in_half_a_year, in_a_year = today + dt.timedelta(180), today + dt.timedelta(366)

    early = (retention.delete_photos(today), retention.delete_entries(today))
    due = (retention.due_photos(in_half_a_year), retention.due_entries(in_a_year))
    gone = (retention.delete_photos(in_half_a_year), retention.delete_entries(in_a_year))

    assert (early, due, gone) == ((0, 0), (1, 2), (1, 2))
    assert (Entry.objects.get().content, Revision.objects.get().content) == (None, None)
    assert (Entry.objects.get().persons, Photo.objects.get().content) == (1, None)
    assert retention.due_photos(in_half_a_year) == 0
