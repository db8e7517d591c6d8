"""The tables that are published: always the same, so that what they tell together can be known.

Each is of the nation and its provinces, in one month. A table more or less is a decision, made
here: whatever may be asked freely cannot be masked well.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pooshesh.indicators import Words
from pooshesh.indicators.book import Dimension

LICENCE = "CC-BY-4.0"


@dataclass(frozen=True)
class Table:
    """Indicators side by side, whole or one by a dimension; `so_far`: of the year up to the month.

    None is of a cumulative indicator, whose numbers would hang together over all months ever.
    """

    code: str
    name: Words
    indicators: tuple[str, ...]
    by: Dimension = ""
    so_far: bool = False


TABLES: Mapping[str, Table] = {
    one.code: one
    for one in (
        Table(
            "cover", Words("پوشش بیمه", "Health cover"),
            ("persons", "covered_share", "uninsured_share", "covered_free_share",
             "decile_known_share"),
        ),
        Table(
            "cover-by-decile", Words("پوشش بیمه به تفکیک دهک", "Health cover by decile"),
            ("covered_share",), by="decile",
        ),
        Table(
            "cover-by-sex", Words("پوشش بیمه به تفکیک جنس", "Health cover by sex"),
            ("covered_share",), by="sex",
        ),
        Table(
            "foreign", Words("اتباع خارجی", "Foreign nationals"),
            ("foreign_persons", "foreign_covered_share"),
        ),
        Table(
            "campaigns", Words("پویش‌های محله‌ها", "Campaigns in neighbourhoods"),
            ("campaign_insured", "campaign_found_uninsured"),
        ),
        Table(
            "fund", Words("صندوق بیماران صعب‌العلاج", "The fund for hard-to-treat diseases"),
            ("registered", "applications", "tagged", "tags_active", "days_to_tag"),
        ),
        Table(
            "tags-by-disease", Words("نشان‌های معتبر به تفکیک بیماری", "Tags by disease"),
            ("tags_active",), by="disease",
        ),
        Table(
            "requests", Words("درخواست‌های هزینه", "Expense requests"),
            ("requests_brought", "approval_share", "waiting_over_limit_share", "days_to_decision",
             "days_to_payment"),
        ),
        Table(
            "money", Words("پول صندوق", "The fund’s money"),
            ("payments_made", "paid", "returned_share"),
        ),
        Table(
            "year", Words("از آغاز سال", "The year so far"),
            ("applications", "tagged", "requests_brought", "payments_made", "paid"), so_far=True,
        ),
        Table(
            "services", Words("محله‌ها، ارجاع و وعده‌ها", "Neighbourhoods, referral, promises"),
            ("sponsored_neighbourhoods", "referral_reach", "promises_kept", "gaps_open",
             "meetings_held"),
        ),
    )
}  # fmt: skip

#: Sums of money by whose people they are: with few people the sum is not shown either.
PEOPLE_OF: Mapping[str, str] = {"paid": "payments_made"}
