"""A small pack that uses the whole language, for tests to bend and break."""

import datetime as dt
from pathlib import Path

from pooshesh.rules import BoundPack, Pack, bind, load_pack
from pooshesh.rules.tree import Value

DAY = dt.date(2024, 6, 1)

TEXT = """\
law:
  id: sample
  title: {fa: نمونه, en: Sample}
  citation: S1
sources:
  S1: example.org/law
facts:
  person:
    status:
      title: {fa: وضع, en: status}
      type: code
      codes:
        worker: {fa: شاغل, en: at work}
        student: {fa: دانشجو, en: student}
        idle: {fa: بیکار, en: without work}
      example: worker
      changeable: true
    age:
      title: {fa: سن, en: age}
      type: int
      range: 0..120
      unit: years
      example: 30
    born:
      title: {fa: تولد, en: birth}
      type: date
      nullable: true
    insured_from:
      title: {fa: آغاز, en: start}
      type: date
      nullable: true
    insured_until:
      title: {fa: پایان, en: end}
      type: date
      nullable: true
    earns:
      title: {fa: درآمد دارد, en: has income}
      type: bool
      example: false
  household:
    size:
      title: {fa: شمار, en: size}
      from: count()
    earners:
      title: {fa: شمار شاغلان, en: earners}
      from: count(earns)
    has_student:
      title: {fa: دانشجو دارد, en: has a student}
      from: any(status == student)
    years_together:
      title: {fa: جمع سن, en: ages summed}
      from: sum(age)
    decile:
      title: {fa: دهک, en: decile}
      type: int
      range: 1..10
      unit: decile
      nullable: true
      changeable: true
  place:
    remote:
      title: {fa: دورافتاده, en: remote}
      type: bool
      example: false
parameters:
  share:
    title: {fa: سهم, en: share}
    unit: percent
    keys: 1..3
    values:
      1402/01/01 to 1402/12/29: {value: {1: 10, 2: 20, 3: unknown}, citation: S1}
      1403/01/01: {value: {1: 0, 2: 15, 3: 30}, citation: [S1, assumption]}
  bonus:
    title: {fa: پاداش, en: bonus}
    unit: percent
    keys: [worker, student]
    values:
      2023-03-21: {value: {worker: 1, student: 2}, citation: S1}
  floor:
    title: {fa: کف, en: floor}
    unit: percent
    values:
      1402/01/01: {value: unknown, citation: S1}
      1403/01/01: {value: 5, citation: S1, note: {fa: از بخشنامه, en: from a circular}}
  newborn_days:
    title: {fa: روز نوزادی, en: newborn days}
    unit: days
    values:
      1402/01/01: {value: 30, citation: S1}
  open_to_all:
    title: {fa: همگانی, en: open to all}
    unit: flag
    values:
      1402/01/01: {value: false, citation: S1}
rules:
  current:
    title: {fa: بیمه جاری, en: current cover}
    citation: S1
    value: active(insured_from, insured_until)
  newborn:
    title: {fa: نوزاد, en: newborn}
    citation: S1
    value: known(born) and born > days_ago(newborn_days) and not born < years_ago(1)
  by_decile:
    title: {fa: سهم دهک, en: share of the decile}
    citation: S1
    value: lookup(share, decile, None)
  percent:
    title: {fa: درصد, en: percent}
    citation: S1
    output: true
    value: >-
      clamp(by_decile + lookup(bonus, status, 0) * 2 - (floor if known(floor) else 0), 0, 100)
      if known(by_decile) else None
  group:
    title: {fa: گروه, en: group}
    citation: S1
    output: true
    codes:
      covered: {fa: دارای پوشش, en: covered}
      free: {fa: رایگان, en: free}
      paying: {fa: پرداخت‌کننده, en: paying}
      unclear: {fa: نامعلوم, en: unclear}
    first:
      - when: current
        then: covered
        reason: has_cover
      - when: newborn or open_to_all or (remote and 0 < size <= 8)
        then: free
        reason: newborn_or_remote
        citation: assumption
      - when: not known(decile)
        then: unclear
        reason: no_decile
      - when: decile <= 3 and (earners == 0 or has_student or years_together > 300)
        then: free
        reason: low_decile
        note: {fa: به تشخیص شورا, en: as the council sees it}
      - otherwise: paying
        reason: pays
reasons:
  has_cover: {fa: پوشش دارد, en: covered already}
  newborn_or_remote: {fa: نوزاد یا دورافتاده, en: newborn or remote}
  no_decile: {fa: دهک نامعلوم, en: decile not known}
  low_decile: {fa: "دهک {decile} در {on}", en: "decile {decile} on {on}"}
  pays: {fa: "{percent} درصد، {status}", en: "{percent} percent, {status}"}
cases:
  - title: {fa: پرداخت, en: pays}
    on: 1403/03/12
    facts: {decile: 2, earners: 1}
    expect: {group: paying, percent: 12}
    reasons: [pays]
"""

FACTS: dict[str, Value] = {
    "status": "worker",
    "age": 30,
    "born": None,
    "insured_from": None,
    "insured_until": None,
    "earns": False,
    "size": 2,
    "earners": 1,
    "has_student": False,
    "years_together": 60,
    "decile": 2,
    "remote": False,
}


def load(folder: Path, text: str = TEXT) -> Pack:
    """Write `text` as the one law of a pack and load it."""
    (folder / "sample.yaml").write_text(text, encoding="utf-8")
    return load_pack(folder)


def bound(folder: Path, text: str = TEXT, on: dt.date = DAY) -> BoundPack:
    return bind(load(folder, text), on)


def changed(old: str, new: str) -> str:
    """TEXT with one passage replaced; the passage must be there once."""
    assert TEXT.count(old) == 1, old
    return TEXT.replace(old, new)


def line_of(text: str, passage: str) -> int:
    """The line, counted from 1, on which `passage` first stands."""
    return text[: text.index(passage)].count("\n") + 1
