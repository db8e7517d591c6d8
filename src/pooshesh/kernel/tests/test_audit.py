"""The trail only grows, and one changed byte is found."""

import json
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from pooshesh import operations
from pooshesh.kernel import audit, verbs
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Event, Subject

assert operations  # registers the commands

pytestmark = pytest.mark.django_db


def test_an_event_and_its_subject_are_recorded() -> None:
    person, actor = uuid4(), uuid4()

    event = audit.record("people.open", actor=actor, kind="person", persons=[person, person])

    assert Event.objects.get(id=event.id).actor == actor
    assert Subject.objects.filter(event=event).count() == 1


def waits_for_the_disk() -> str:
    """Whether the commit of the open transaction would."""
    with connection.cursor() as cursor:
        cursor.execute("show synchronous_commit")
        return str(cursor.fetchone()[0])


def test_an_event_hastens_no_commit_but_its_own() -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local synchronous_commit = on")

    audit.record("people.open", actor=None, waits=False)

    assert waits_for_the_disk() == "on"


def test_an_event_alone_in_its_transaction_need_not_wait_for_the_disk() -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local synchronous_commit = on")
        cursor.execute(
            "select kernel_record(%s, false)",
            [
                json.dumps(
                    [
                        {
                            "id": str(uuid4()),
                            "at": "2026-01-01",
                            "action": "a",
                            "kind": "",
                            "object_id": "",
                            "fields": [],
                            "digest": "",
                            "purpose": "",
                            "area_path": "",
                            "persons": [],
                        }
                    ]
                )
            ],
        )

    assert waits_for_the_disk() == "off"


@pytest.mark.parametrize(
    "statement", ["update kernel_event set action = 'x'", "delete from kernel_event"]
)
def test_an_event_can_be_neither_changed_nor_deleted(statement: str) -> None:
    audit.record("people.open", actor=None)

    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def _alter(statement: str) -> None:
    """What somebody with the owner's rights would do to the table."""
    with connection.cursor() as cursor:
        cursor.execute("alter table kernel_event disable trigger append_only")
        cursor.execute(statement)
        cursor.execute("alter table kernel_event enable trigger append_only")


def seal(expected: int) -> int:
    """Seal so many events, waiting for other transactions of the server to end."""
    sealed, last = audit.seal(), time.monotonic() + 30
    while sealed < expected and time.monotonic() < last:
        time.sleep(0.05)
        sealed += audit.seal()
    return sealed


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
class TestChain:
    def test_an_untouched_chain_verifies(self, tmp_path: Path) -> None:
        audit.record("a.b", actor=uuid4(), persons=[uuid4()])
        sealed = seal(1)
        audit.record("a.c", actor=uuid4())
        sealed += seal(1)
        audit.export_head(tmp_path)

        faults = list(audit.verify(tmp_path))

        assert sealed == 2
        assert faults == []

    def test_one_changed_letter_is_found_and_named(self, tmp_path: Path) -> None:
        event = audit.record("people.open", actor=uuid4())
        seal(1)
        audit.export_head(tmp_path)
        _alter("update kernel_event set action = 'people.opem'")

        faults = list(audit.verify(tmp_path))

        assert [f.event for f in faults] == [event.id]

    def test_a_deleted_event_is_found(self, tmp_path: Path) -> None:
        event = audit.record("people.open", actor=uuid4())
        seal(1)
        audit.export_head(tmp_path)
        _alter("delete from kernel_event")

        faults = list(audit.verify(tmp_path))

        assert [f.event for f in faults] == [event.id]

    def test_a_file_that_is_no_head_is_a_fault(self, tmp_path: Path) -> None:
        (tmp_path / "2022-01-01.json").write_text('{"seal": "one"}')

        faults = list(audit.verify(tmp_path))

        assert [f.what for f in faults] == ["2022-01-01.json is not an exported head"]

    @pytest.mark.parametrize("folder", ["", "missing"])
    def test_a_folder_without_heads_is_refused(self, tmp_path: Path, folder: str) -> None:
        with pytest.raises(Invalid) as refused:
            list(audit.verify(tmp_path / folder))

        assert refused.value.code == "audit.no_heads"

    def test_the_command_says_how_many_heads_were_compared(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        audit.record("a.b", actor=None)
        seal(1)
        audit.export_head(tmp_path)

        status = verbs.main(["audit", "verify", "--heads", str(tmp_path)])

        assert status == 0
        assert capsys.readouterr().out == "Verified: events 1, exported heads 1, faults 0\n"

    def test_an_event_of_an_open_transaction_is_not_sealed(self) -> None:
        with transaction.atomic():
            audit.record("people.open", actor=None)
            sealed = audit.seal()

        assert sealed == 0


def test_events_gathered_are_written_as_the_action_ends(django_assert_num_queries: Any) -> None:
    person = uuid4()

    with django_assert_num_queries(1), audit.gathered():
        audit.record("people.open", actor=None, persons=[person])
        audit.record("people.close", actor=None)

    assert set(Event.objects.values_list("action", flat=True)) == {"people.open", "people.close"}
    assert Subject.objects.get().person_id == person


def test_events_gathered_by_an_action_that_fails_are_not_written() -> None:
    with suppress(ZeroDivisionError), audit.gathered():
        audit.record("people.open", actor=None)
        _ = 1 / 0

    audit.record("people.close", actor=None)

    assert [one.action for one in Event.objects.all()] == ["people.close"]
