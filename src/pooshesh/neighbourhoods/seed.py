"""The kinds of benefit that programmes give everywhere; the list stays open."""

from pooshesh.neighbourhoods.models import BenefitKind

KINDS = (
    ("food", "بسته غذایی", "Food"),
    ("cash", "کمک نقدی", "Cash"),
    ("housing", "تعمیر خانه", "Housing repair"),
    ("school", "کمک تحصیلی", "Schooling"),
    ("job", "اشتغال", "Work"),
    ("equipment", "تجهیزات توان‌بخشی", "Aids for persons with disabilities"),
    ("papers", "گرفتن مدارک هویتی", "Identity papers obtained"),
)


def seed() -> None:
    """Kinds that are missing."""
    for code, fa, en in KINDS:
        BenefitKind.objects.get_or_create(code=code, defaults={"name_fa": fa, "name_en": en})
