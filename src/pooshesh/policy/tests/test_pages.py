"""Pages of rule packs: for whom they are, what they show, and what they do with bad input."""

from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from pooshesh import rules
from pooshesh.conftest import Cast, SignIn

PAGES = [
    "/rules/", "/rules/iran/", "/rules/iran/rule/decision/", "/rules/iran/try/",
    "/rules/iran.fund/", "/rules/iran.copayment/rule/copay_basis/", "/rules/iran.package/try/",
]  # fmt: skip
BROKEN = """\
law:
  id: broken
  title: {fa: خراب, en: Broken}
  citation: assumption
rules:
  outcome:
    title: {fa: نتیجه, en: Outcome}
    citation: assumption
    output: true
    value: nowhere + 1
"""


@pytest.fixture
def officer(cast: Cast, as_user: SignIn) -> Client:
    return as_user(cast.policy_officer)


def text(browser: Client, address: str, **query: str) -> str:
    answer = browser.get(f"{address}?{urlencode(query)}")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


@pytest.mark.parametrize("page", PAGES)
def test_it_works(
    officer: Client, page: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(4):
        answer = officer.get(page)

    assert answer.status_code == 200
    assert 'aria-current="page"' in answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_who_may_not_read_rules_finds_nothing(cast: Cast, as_user: SignIn, page: str) -> None:
    assert as_user(cast.field_worker).get(page).status_code == 404


@pytest.mark.parametrize("page", ["/rules/nowhere/", "/rules/iran/rule/nothing/"])
def test_what_is_not_there_is_404(officer: Client, page: str) -> None:
    assert officer.get(page).status_code == 404


def test_the_list_says_that_every_case_passes(officer: Client) -> None:
    page = text(officer, "/rules/")

    assert "پوشش بیمه سلامت ساکنان" in page
    assert "هر ۲۲ نمونه با آنچه نوشته شده یکی است" in page


def test_a_nested_pack_shows_its_own_laws_and_where_the_others_are(officer: Client) -> None:
    page = text(officer, "/rules/iran.fund/")

    assert "صندوق بیماری‌های خاص و صعب‌العلاج" in page
    assert "۸۵۰٬۰۰۰٬۰۰۰ ریال" in page
    assert "<h2>پوشش بیمه سلامت ساکنان</h2>" not in page
    assert 'href="/rules/iran/"' in page


def test_a_rule_says_a_percentage_in_words(officer: Client) -> None:
    page = text(officer, "/rules/iran.fund/rule/support_rial/")

    assert "«سهم صندوق برای این دهک» از «مبلغ درخواست هزینه»" in page


def test_an_amount_is_echoed_in_words_and_decided_on(officer: Client) -> None:
    person = {"decile": "6", "tag_from": "1401/01/01", "asked_rial": "۲۰۰٬۰۰۰٬۰۰۰"}

    page = text(officer, "/rules/iran.fund/try/", **person)

    assert "دویست میلیون ریال" in page
    assert "صندوق به دهک ۶ ۸۰ درصد مبلغ درخواست (۱۶۰٬۰۰۰٬۰۰۰ ریال) را می‌پردازد." in page


def test_an_amount_beyond_what_the_pack_asks_for_is_told(officer: Client) -> None:
    page = text(officer, "/rules/iran.fund/try/", asked_rial="9" * 14)

    assert "مبلغی از ۰ ریال تا ۱٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰ ریال لازم است" in page


def test_a_pack_shows_values_with_date_citation_and_what_is_not_known(officer: Client) -> None:
    page = text(officer, "/rules/iran/")

    assert "۱۴٬۳۵۲٬۰۰۰ ریال" in page
    assert "isna.ir/news/1402060502896" in page
    assert "فرض؛ منبعی یافت نشد" in page
    assert "نامعلوم" in page


@pytest.mark.parametrize(
    ("on", "since"),
    [("۱۴۰۱/۱۰/۰۱", "۱۴۰۰/۰۱/۰۱"), ("1402/04/31", "۱۴۰۲/۰۱/۰۱"), ("2023-07-23", "۱۴۰۲/۰۵/۰۱")],
)
def test_the_values_in_force_on_a_day_are_marked(officer: Client, on: str, since: str) -> None:
    page = text(officer, "/rules/iran/", on=on)

    shares = page.partition("<caption>سهم حق بیمه هر دهک</caption>")[2]
    assert f'{since} <span class="badge good">معتبر</span>' in shares


def test_a_day_before_every_value_says_so(officer: Client) -> None:
    page = text(officer, "/rules/iran/", on="1390/01/01")

    assert "در این روز هنوز هیچ‌یک از این مقدارها معتبر نیست." in page
    assert "معتبر</span>" not in page


def test_a_day_that_does_not_exist_is_told(officer: Client) -> None:
    page = text(officer, "/rules/iran/", on="۱۴۰۰/۰۷/۳۱")

    assert "۱۴۰۰/۰۷/۳۱" in page
    assert 'aria-invalid="true"' in page


def test_a_rule_reads_as_sentences_with_its_law_and_cases(officer: Client) -> None:
    page = text(officer, "/rules/iran/rule/decision/")

    assert "«نسبت با سرپرست» همسر یا فرزند باشد" in page
    assert "«دهک خانوار» معلوم نباشد" in page
    assert "دهک [دهک خانوار] (تاریخ دهک: [تاریخ دهک]) در [روز تصمیم] رایگان است." in page
    assert "phc.mui.ac.ir" in page
    assert "ساکن محله برنامه با دهک ۹" in page
    assert "همان که نوشته شده" in page


def test_an_inner_rule_shows_the_timeline_of_its_values(officer: Client) -> None:
    page = text(officer, "/rules/iran/rule/decile_share/")

    assert "<caption>سهم حق بیمه هر دهک</caption>" in page
    assert "دهک ۵ در سال ۱۴۰۱، سهم نامعلوم" in page


def test_decile_5_differs_between_the_two_days_by_its_citation(officer: Client) -> None:
    page = text(officer, "/rules/iran/try/", decile="۵")

    assert "از <strong>مقدار نامعلوم</strong> به <strong>بیمه رایگان</strong> تغییر کرد" in page
    changed = page.partition("چون این مقدارها تغییر کرد")[2].partition("</table>")[0]
    assert "سهم حق بیمه هر دهک: ۵" in changed
    assert "noordaily.ir/News/NewsItem?nid=46108" in changed
    assert "سهم دهک ۵ در ۱۴۰۱/۱۰/۰۱ معلوم نیست." in page
    assert "دهک ۵ (تاریخ دهک: نامعلوم) در ۱۴۰۴/۰۱/۰۱ رایگان است." in page


def test_a_person_of_another_insurer_is_decided_alike_on_both_days(officer: Client) -> None:
    page = text(officer, "/rules/iran/try/", decile="5", other_insurer_code="sso")

    assert "هیچ‌چیز: تصمیم در هر دو روز یکی است." in page


def test_the_household_of_another_insurers_principal_counts(officer: Client) -> None:
    page = text(officer, "/rules/iran/try/", relation="child", outside_principal="yes")

    assert 'class="badge warn">بررسی به‌عنوان بیمه‌شده تبعی' in page


def test_one_day_alone_is_not_compared(officer: Client) -> None:
    page = text(officer, "/rules/iran/try/", decile="5", **{"on-second": ""})

    assert "تفاوت میان دو روز" not in page
    assert "۱ دی ۱۴۰۱" in page


def test_the_earlier_day_comes_first(officer: Client) -> None:
    days = {"on-first": "1404/01/01", "on-second": "1401/10/01"}

    page = text(officer, "/rules/iran/try/", decile="5", **days)

    assert "از <strong>مقدار نامعلوم</strong> به <strong>بیمه رایگان</strong> تغییر کرد" in page


def test_a_change_by_the_persons_own_dates_says_so(officer: Client) -> None:
    person = {
        "nationality": "foreign",
        "foreign_status": "regularised",
        "lawful_from": "1403/01/01",
    }

    page = text(officer, "/rules/iran/try/", **person)

    assert "تفاوت از تاریخ‌های خود شخص است" in page


def test_a_day_before_the_first_value_gives_no_decision_but_its_reason(officer: Client) -> None:
    page = text(officer, "/rules/iran/try/", decile="5", **{"on-first": "1390/01/01"})

    assert "تصمیمی نیست: بسته درباره این روز چیزی نمی‌گوید." in page
    assert "premium_share.yaml:31" in page
    assert "برای ۱۳۹۰/۰۱/۰۱ مقداری نیست" in page
    assert 'class="badge good">بیمه رایگان' in page


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"decile": "11"}, "«11» خوانده شد؛ یکی از این‌ها لازم است: 1، 2، 3، 4، 5"),
        (
            {"nationality": "martian"},
            "«martian» خوانده شد؛ یکی از این‌ها لازم است: citizen، foreign",
        ),
        ({"programme_resident": "maybe"}, "«maybe» خوانده شد؛ یکی از این‌ها لازم است: yes، no"),
        ({"lawful_from": "1400/07/31"}, "1400/07/31"),
        ({"on-first": "دیروز"}, "«دیروز»"),
    ],
)
def test_bad_input_is_told_beside_its_field(
    officer: Client, query: dict[str, str], told: str
) -> None:
    page = text(officer, "/rules/iran/try/", **query)

    assert told in page
    assert "تصمیمی گرفته نشد: آنچه را در بالا نشان‌دار شده است درست کنید." in page


@pytest.mark.parametrize("name", ["decile", "nationality", "lawful_from", "on-first"])
def test_script_tags_come_back_escaped(officer: Client, name: str) -> None:
    answer = officer.get("/rules/iran/try/", {name: "<script>alert(1)</script>"})

    assert "<script>alert" not in answer.content.decode()


def test_every_case_decides_as_written_when_it_is_opened(officer: Client) -> None:
    page = text(officer, "/rules/iran/rule/decision/")
    address = page.partition(">ساکن محله برنامه با دهک ۹</a>")[0].rpartition('href="')[2][:-1]

    opened = unescape(officer.get(address).content.decode())

    assert "ساکنان محلات برنامه رایگان بیمه می‌شوند." in opened


def test_english_readers_get_english(officer: Client) -> None:
    officer.cookies["django_language"] = "en"

    page = unescape(officer.get("/rules/iran/try/", {"decile": "5"}).content.decode())

    assert "<strong>value unknown</strong> became <strong>free insurance</strong>" in page


@pytest.mark.parametrize("page", ["", "rule/outcome/", "try/"])
def test_a_broken_pack_names_file_line_and_rule(
    officer: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    (tmp_path / "law.yaml").write_text(BROKEN, encoding="utf-8")
    monkeypatch.setattr(rules, "list_packs", lambda: {"broken": tmp_path})

    shown = text(officer, f"/rules/broken/{page}")

    assert "law.yaml:10" in shown
    assert "outcome" in shown
    assert "«nowhere» نام هیچ داده، پارامتر، قاعده یا کدی نیست" in shown


def test_a_pack_is_read_anew_once_it_is_put_right(
    officer: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    law = tmp_path / "law.yaml"
    law.write_text(BROKEN, encoding="utf-8")
    monkeypatch.setattr(rules, "list_packs", lambda: {"mended": tmp_path})
    before = text(officer, "/rules/")

    law.write_text(BROKEN.replace("nowhere + 1", "1 + 1"), encoding="utf-8")

    assert "law.yaml:10" in before
    assert "law.yaml:10" not in text(officer, "/rules/")


def test_a_house_without_packs_says_so(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "list_packs", dict)

    assert "هیچ بسته قواعدی نصب نشده است." in text(officer, "/rules/")
