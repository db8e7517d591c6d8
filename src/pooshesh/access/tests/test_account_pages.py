"""The pages that allauth and Django write: our Persian in their place, in the polite register."""

import ast
import re
import shutil
from functools import cache
from pathlib import Path

import allauth
import django
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.test import Client
from django.utils.translation import gettext, ngettext, override
from django.utils.translation.template import templatize

from pooshesh.access.models import User
from pooshesh.conftest import Cast, SignIn
from pooshesh.kernel import messages

PASSWORD = "a long password"
# What a person reads of the page's own part, without codes and addresses.
MAIN = re.compile(r"<main.*?</main>", re.S)
HIDDEN = re.compile(r"<(script|style|textarea|bdi)\b.*?</\1>", re.S)
PROMPT = re.compile(r'(?:placeholder|aria-label|alt)="([^"]*)"')
TAG = re.compile(r"<[^>]*>", re.S)
NAME = re.compile(r"auditor|\S+@\S+|https?://\S+|\S*testserver\S*")
FOREIGN = re.compile(r"[A-Za-z0-9]+")
# Verbs and endings that say «تو», and spellings that this product does not use.
INFORMAL = re.compile(
    r"(?<![\w\u200c])(?:(?:می\u200c|نمی\u200c)?(?:خواهی|توانی|کنی|داری)|مطمئنی|شدی|کردی|نساختی"
    r"|بگیر|کن|یه|\w+\u200cات|(?:شده|کرده|ساخته)\u200cای"
    r"|ن?می \w+|\w+ های|ایمیل|رمز عبور|توکن|لطفا)(?![\w\u200c])"
)


def read(page: str) -> str:
    """The text of a page's main part with its prompts."""
    main = HIDDEN.sub(" ", MAIN.search(page)[0])  # type: ignore[index]
    return NAME.sub("", " ".join([TAG.sub(" ", main), *PROMPT.findall(main)]))


def faults(text: str) -> list[str]:
    """Words that are not Persian, or not polite."""
    return FOREIGN.findall(text) + INFORMAL.findall(text)


@pytest.fixture
def confirmed(cast: Cast, as_user: SignIn) -> Client:
    """The auditor, who has an address and just typed the password once more."""
    EmailAddress.objects.create(user=cast.auditor, email="a@example.ir", primary=True)
    browser = as_user(cast.auditor)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    browser.get("/accounts/password/change/")
    return browser


@pytest.fixture
def two_step(cast: Cast, as_user: SignIn) -> Client:
    """The auditor with a second factor, who typed the password once more."""
    TOTP.activate(cast.auditor, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(cast.auditor)
    browser = as_user(cast.auditor)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return browser


@pytest.mark.parametrize(
    "text",
    ["با clerk وارد شدی.", "گذرواژه‌ات را", "مطمئنی می‌خواهی خارج شوی؟", "اگر مشکلی داری", "۳ 10",
     "نمی تواند", "تلاش های", "رمز عبور"],
)  # fmt: skip
def test_the_reader_of_these_tests_notices(text: str) -> None:
    assert faults(text) != []


@pytest.mark.parametrize(
    "address",
    ["login/", "password/reset/", "password/reset/done/", "password/reset/key/1-set-password/",
     "password/reset/key/done/", "signup/", "inactive/", "confirm-email/", "confirm-email/none/"],
)  # fmt: skip
def test_pages_before_sign_in_speak_polite_persian(client: Client, db: None, address: str) -> None:
    page = client.get(f"/accounts/{address}", follow=True).content.decode()

    assert faults(read(page)) == []


@pytest.mark.parametrize(
    ("address", "typed", "said"),
    [
        ("login/", {"login": "auditor", "password": "wrong"}, "نام کاربری یا گذرواژه درست نیست"),
        ("login/", {}, "لازم است"),
        ("login/", {"login": "x" * 300, "password": "x"}, "بلندتر از اندازه"),
        ("password/reset/", {"email": "nobody"}, "نشانی رایانامه درست نیست"),
        ("password/reset/", {"email": "a@example.ir"}, "نامه‌ای برایتان فرستاده شد"),
    ],
)  # fmt: skip
def test_wrong_data_before_sign_in_is_answered_in_polite_persian(
    cast: Cast, client: Client, address: str, typed: dict[str, str], said: str
) -> None:
    page = client.post(f"/accounts/{address}", typed, follow=True).content.decode()

    assert said in page
    assert faults(read(page)) == []


def test_a_locked_door_says_so(cast: Cast, client: Client) -> None:
    wrong = {"login": "auditor", "password": "wrong"}
    pages = [client.post("/accounts/login/", wrong).content.decode() for _ in range(6)]

    assert "تلاش‌های ناموفق" in pages[-1]
    assert faults(read(pages[-1])) == []


def test_too_many_requests_are_answered_in_persian(confirmed: Client) -> None:
    answers = [confirmed.post("/accounts/password/change/", {}) for _ in range(6)]

    page = answers[-1].content.decode()

    assert answers[-1].status_code == 429
    assert "درخواست‌ها زیاد بود" in page
    assert faults(read(page)) == []


def test_a_closed_account_says_so(cast: Cast, client: Client) -> None:
    User.objects.filter(id=cast.auditor.id).update(is_active=False)

    page = client.post(
        "/accounts/login/", {"login": "auditor", "password": PASSWORD}, follow=True
    ).content.decode()

    assert "این حساب بسته است" in page
    assert faults(read(page)) == []


@pytest.mark.parametrize(
    "address",
    ["password/change/", "email/", "logout/", "reauthenticate/", "sessions/", "2fa/",
     "2fa/totp/activate/", "password/reset/"],
)  # fmt: skip
def test_account_pages_speak_polite_persian(confirmed: Client, address: str) -> None:
    page = confirmed.get(f"/accounts/{address}", follow=True).content.decode()

    assert faults(read(page)) == []


def change(new: str, again: str | None = None, old: str = PASSWORD) -> dict[str, str]:
    """What the page of a new password sends."""
    return {"oldpassword": old, "password1": new, "password2": again or new}


@pytest.mark.parametrize(
    ("address", "typed", "said"),
    [
        ("password/change/", change("short"), "این گذرواژه کوتاه است؛ دست‌کم ۱۰ نویسه"),
        ("password/change/", change("84629173048"), "تنها از رقم"),
        ("password/change/", change("qwertyuiop"), "بسیار رایج"),
        ("password/change/", change("auditor--1"), "به «نام کاربری» شما"),
        ("password/change/", change("another long one", "another"), "یکی نیست"),
        ("password/change/", change("another long one", old="wrong"), "کنونی خود را وارد کنید"),
        ("password/change/", {}, "لازم است"),
        ("password/change/", change("another long one"), "گذرواژه تغییر کرد"),
        ("email/", {"action_add": "", "email": "nobody"}, "نشانی رایانامه درست نیست"),
        ("email/", {"action_add": "", "email": "a@example.ir"}, "از آن همین حساب است"),
        ("email/", {"action_add": "", "email": "b@example.ir"}, "پیوند تأیید به"),
        ("email/", {"action_send": "", "email": "a@example.ir"}, "پیوند تأیید به"),
        ("email/", {"action_remove": "", "email": "a@example.ir"}, "حذف"),
        ("reauthenticate/", {"password": "wrong"}, "گذرواژه درست نیست"),
        ("2fa/totp/activate/", {"code": "000000"}, "رایانامه خود را تأیید"),
        ("logout/", {}, "از سامانه خارج شدید"),
    ],
)  # fmt: skip
def test_data_on_account_pages_is_answered_in_polite_persian(
    confirmed: Client, address: str, typed: dict[str, str], said: str
) -> None:
    page = confirmed.post(f"/accounts/{address}", typed, follow=True).content.decode()

    assert said in page
    assert faults(read(page)) == []


@pytest.mark.parametrize(
    "address",
    ["", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/", "reauthenticate/"],
)
def test_pages_of_the_second_factor_speak_polite_persian(two_step: Client, address: str) -> None:
    page = two_step.get(f"/accounts/2fa/{address}", follow=True).content.decode()

    assert faults(read(page)) == []


@pytest.mark.parametrize(
    ("address", "typed", "said"),
    [
        ("totp/deactivate/", {}, "غیرفعال شد"),
        ("recovery-codes/generate/", {}, "کدهای بازیابی مانده: ۱۰ از ۱۰"),
        ("reauthenticate/", {"code": "000000"}, "کد درست نیست"),
    ],
)
def test_data_of_the_second_factor_is_answered_in_polite_persian(
    two_step: Client, address: str, typed: dict[str, str], said: str
) -> None:
    page = two_step.post(f"/accounts/2fa/{address}", typed, follow=True).content.decode()

    assert said in page
    assert faults(read(page)) == []


def test_recovery_codes_are_counted_in_persian_digits(two_step: Client) -> None:
    page = two_step.get("/accounts/2fa/recovery-codes/").content.decode()

    assert "کدهای بازیابی مانده: ۱۰ از ۱۰" in page


def test_the_second_step_of_signing_in_speaks_polite_persian(
    two_step: Client, client: Client
) -> None:
    client.logout()
    client.post("/accounts/login/", {"login": "auditor", "password": PASSWORD})

    page = client.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()

    assert "کد درست نیست" in page
    assert faults(read(page)) == []


def test_the_welcome_is_polite(cast: Cast, client: Client) -> None:
    page = client.post(
        "/accounts/login/", {"login": "auditor", "password": PASSWORD}, follow=True
    ).content.decode()

    assert "با نام auditor وارد شدید." in page


@pytest.mark.parametrize("to", ["a@example.ir", "stranger@example.ir"])
def test_letters_about_passwords_are_polite_persian(cast: Cast, client: Client, to: str) -> None:
    User.objects.filter(id=cast.auditor.id).update(email="a@example.ir")

    client.post("/accounts/password/reset/", {"email": to})

    letter = mail.outbox[0]
    assert faults(NAME.sub("", f"{letter.subject}\n{letter.body}")) == []


def test_a_letter_leads_to_a_new_password_in_polite_persian(cast: Cast, client: Client) -> None:
    User.objects.filter(id=cast.auditor.id).update(email="a@example.ir")
    client.post("/accounts/password/reset/", {"email": "a@example.ir"})
    link = re.search(r"http://testserver(/\S+)", str(mail.outbox[0].body))[1]  # type: ignore[index]
    form = client.get(link, follow=True)
    address = form.redirect_chain[-1][0]

    refused = client.post(address, change("short")).content.decode()
    done = client.post(address, change("another long one"), follow=True).content.decode()

    assert "دست‌کم ۱۰ نویسه" in refused
    assert "گذرواژه تغییر کرد" in done
    assert faults(read(form.content.decode()) + read(refused) + read(done)) == []


def test_letters_about_addresses_are_polite_persian(confirmed: Client) -> None:
    confirmed.post("/accounts/email/", {"action_add": "", "email": "b@example.ir"})
    letter = mail.outbox[0]
    link = re.search(r"http://testserver(/\S+)", str(letter.body))[1]  # type: ignore[index]

    question = confirmed.get(link).content.decode()
    confirmed.post(link)
    after = confirmed.get("/accounts/email/").content.decode()

    assert "رایانامه b@example.ir تأیید شد." in after
    assert faults(NAME.sub("", f"{letter.subject}\n{letter.body}")) == []
    assert faults(read(question) + read(after)) == []


# --- the catalogue ---------------------------------------------------------------------

PACKAGES = [
    Path(package.__file__).parent / folder
    for package, folder in [
        (allauth, "account"), (allauth, "mfa"), (allauth, "usersessions"), (allauth, "templates"),
        (django, "forms"), (django, "core"), (django, "contrib/auth"),
    ]
]  # fmt: skip
LITERAL = re.compile(r"""u?('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")""", re.S)


@cache
def said_by_packages() -> frozenset[str]:
    """Every string in the code and templates of what writes the account pages."""
    code = [p for folder in PACKAGES for p in folder.rglob("*.py") if "tests" not in p.parts]
    pages = [p for folder in PACKAGES for end in ("html", "txt") for p in folder.rglob(f"*.{end}")]
    constants = {
        node.value
        for path in code
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    literals = {
        ast.literal_eval(literal)
        for path in pages
        for literal in LITERAL.findall(templatize(path.read_text(encoding="utf-8")))
    }
    return frozenset(constants | literals)


@pytest.mark.parametrize("message", sorted(messages.message_ids(messages.FRAMEWORKS)))
def test_a_translated_sentence_is_still_said_by_its_package(message: str) -> None:
    assert message in said_by_packages()


@pytest.mark.parametrize(("message", "persian"), messages.compiled(messages.FRAMEWORKS).items())
def test_our_persian_wins_over_the_packages(message: str, persian: str) -> None:
    with override("fa"):
        shown = gettext(message), ngettext(message, message, 1)

    assert persian in shown


@pytest.mark.parametrize("count", [0, 1, 2, 10])
def test_a_counted_sentence_is_ours_whatever_the_count(count: int) -> None:
    singular = "Ensure this value has at most %(limit_value)d character (it has %(show_value)d)."

    with override("fa"):
        shown = ngettext(singular, singular, count)

    assert shown == "این مقدار بلندتر از اندازه مجاز است."


def test_the_command_keeps_what_no_code_of_ours_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = messages.catalogue(messages.FRAMEWORKS)
    copy = tmp_path / file.relative_to(messages.ROOT)
    shutil.copytree(file.parent, copy.parent)
    monkeypatch.setattr(messages, "ROOT", tmp_path)

    counts = messages.update(messages.FRAMEWORKS)

    assert counts[1] == 0
    assert copy.read_text(encoding="utf-8") == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("persian", messages.compiled(messages.FRAMEWORKS).values())
def test_our_persian_for_packages_is_polite(persian: str) -> None:
    assert INFORMAL.findall(persian) == []
