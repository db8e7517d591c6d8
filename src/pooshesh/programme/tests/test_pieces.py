"""Small parts: shares, merging of persons, sealed files, findings."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.kernel.crypto import CannotOpen
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.ids import uuid7
from pooshesh.programme.campaign import vault
from pooshesh.programme.campaign.figures import Share
from pooshesh.programme.campaign.findings import Effect, Finding
from pooshesh.programme.campaign.match import Matched, Matches, Question, merge_persons
from pooshesh.programme.models import Match, WorkKind


def test_a_share_of_nothing_has_no_value() -> None:
    assert Share(0, 0).value is None
    assert Share(0, 0).interval is None


@given(st.integers(1, 10**6), st.data())
def test_an_interval_holds_its_share(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))

    low, high = Share(part, whole).interval or (2, -1)

    assert 0 <= low <= part / whole + 1e-12
    assert part / whole - 1e-12 <= high <= 1


def test_rows_that_registration_knows_as_one_person_become_doubles() -> None:
    rows = {
        1: Matched(1, Match.INSURED, "ihio", 7, 0.99),
        2: Matched(2, Match.UNINSURED),
        3: Matched(3, Match.DUPLICATE, duplicate_of=2),
    }
    question = Question(WorkKind.POSSIBLE_DOUBLE, 2, 1)

    merged = merge_persons(Matches(rows, [question]), {1: "p", 2: "p"})

    assert {row: one.duplicate_of for row, one in merged.rows.items()} == {1: None, 2: 1, 3: 1}
    assert {(one.roll, one.roll_row) for one in merged.rows.values()} == {("ihio", 7)}
    assert merged.questions == []


class Pipe(io.BytesIO):
    """Breaks where it should end."""

    def read(self, size: int | None = -1) -> bytes:
        block = super().read(size)
        if not block:
            raise BrokenPipeError
        return block


@pytest.mark.parametrize("size", [0, 1, vault.BLOCK, vault.BLOCK + 1])
def test_a_sealed_file_comes_back_whole(size: int) -> None:
    file_id, content = uuid7(), bytes(range(256)) * (size // 256 + 1)

    digest = vault.keep(file_id, io.BytesIO(content[:size]))
    with vault.opened(file_id) as path:
        read = (path.read_bytes(), path.read_bytes())

    assert read == (content[:size], content[:size])
    assert len(digest) == 64
    assert not path.exists()


def test_an_opened_sheet_lies_in_no_folder_where_a_killed_process_would_leave_it(
    tmp_path: Path,
) -> None:
    file_id = uuid7()
    vault.keep(file_id, io.BytesIO(b"rows"))

    with vault.opened(file_id):
        lying = [path.name for path in tmp_path.rglob("*") if path.is_file()]

    assert lying == [file_id.hex]


def test_a_source_that_breaks_half_way_leaves_what_was_there_and_nothing_half_written(
    tmp_path: Path,
) -> None:
    file_id, broken = uuid7(), Pipe(b"new" * vault.BLOCK)
    vault.keep(file_id, io.BytesIO(b"rows"))

    with pytest.raises(BrokenPipeError):
        vault.keep(file_id, broken)

    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [file_id.hex]
    with vault.opened(file_id) as path:
        assert path.read_bytes() == b"rows"


def test_a_sealed_file_holds_nothing_readable() -> None:
    file_id = uuid7()

    vault.keep(file_id, io.BytesIO("کاظمی,بهرام".encode()))

    assert "کاظمی".encode() not in vault._path(file_id).read_bytes()


@pytest.mark.parametrize("harm", ["cut", "flip"])
def test_a_changed_file_does_not_open(harm: str) -> None:
    file_id = uuid7()
    vault.keep(file_id, io.BytesIO(b"a" * (vault.BLOCK + 10)))
    path = vault._path(file_id)
    sealed = path.read_bytes()
    first = 4 + int.from_bytes(sealed[:4])
    path.write_bytes({"cut": sealed[:first], "flip": sealed[:-1] + bytes([sealed[-1] ^ 1])}[harm])

    with pytest.raises(CannotOpen), vault.opened(file_id):
        pass


def test_a_deleted_file_is_gone() -> None:
    file_id = uuid7()
    vault.keep(file_id, io.BytesIO(b"rows"))

    vault.delete([file_id])
    vault.delete([file_id])

    with pytest.raises(FileNotFoundError), vault.opened(file_id):
        pass


def test_a_finding_is_told_again_after_it_was_kept() -> None:
    error = Invalid("census.large_household", read="9", count=60, limit=20)
    finding = Finding("census", 5, "household", "9", error, Effect.NOTE)

    again = Finding.unpack(finding.pack())

    assert (again.title, again.expected) == (finding.title, finding.expected)
