"""What the fund starts with: reasons for which an application goes back."""

from pooshesh.fund.models import ReturnTemplate

TEMPLATES = (
    ("missing", "مدرک لازم پیوست نیست", "A required document is missing",
     "مدارک نوشته‌شده زیر پیوست نیست. لطفاً تصویر یا فایل PDF آن‌ها را بیاورید.",
     "The documents listed below are missing. Please bring a picture or a PDF of them.", 30),
    ("unreadable", "مدرک خوانا نیست", "A document cannot be read",
     "مدرک فرستاده‌شده خوانا نیست. لطفاً در نور کافی دوباره عکس بگیرید یا پویش کنید.",
     "A document cannot be read. Please take its picture again in good light, or scan it.", 20),
    ("expired", "تاریخ مدرک گذشته است", "A document is too old",
     "از تاریخ مدرک بیش از اندازه گذشته است. لطفاً نسخه تازه آن را بیاورید.",
     "A document is too old. Please bring a new one.", 30),
    ("unsigned", "مدرک مهر یا امضا ندارد", "A document has no stamp or signature",
     "مدرک مهر یا امضای پزشک ندارد. لطفاً نسخه مهرشده را بیاورید.",
     "A document has no stamp or signature of the physician. Please bring a stamped one.", 30),
    ("identity", "مشخصات با مدرک نمی‌خواند", "Name or number differ from the paper",
     "نام یا شماره با مدرک هویتی نمی‌خواند. لطفاً مدرک هویتی بیمار را بیاورید.",
     "Name or number differ from the identity document. Please bring the patient's.", 15),
    ("mandate", "نمایندگی ثابت نشده است", "Authority to act is not proven",
     "برای کسی که به جای بیمار درخواست می‌دهد، مدرک قیمومت یا وکالت لازم است.",
     "Who acts for the patient must prove guardianship or a mandate.", 30),
)  # fmt: skip


def seed() -> None:
    """Add the reasons that are not there; what somebody changed since stays."""
    ReturnTemplate.objects.bulk_create(
        (
            ReturnTemplate(
                code=code, title_fa=title_fa, title_en=title_en, text_fa=text_fa,
                text_en=text_en, days=days, order=order,
            )
            for order, (code, title_fa, title_en, text_fa, text_en, days) in enumerate(TEMPLATES)
        ),
        ignore_conflicts=True,
    )  # fmt: skip
