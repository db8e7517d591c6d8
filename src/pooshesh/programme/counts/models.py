"""Tables of kept counts. Units stand beside each field."""

from django.contrib.postgres.indexes import GistIndex
from django.db import models

from pooshesh.kernel.fields import PathField
from pooshesh.places.models import Area


class CampaignCount(models.Model):
    """The figures of a campaign as its rows are now; persons unless said otherwise."""

    campaign = models.OneToOneField(
        "programme.Campaign", models.CASCADE, related_name="count", primary_key=True
    )
    area_path = PathField()
    province = models.CharField(max_length=2)
    rows = models.PositiveIntegerField()  # of the census
    residents = models.PositiveIntegerField()
    households = models.PositiveIntegerField()  # households
    insured = models.PositiveIntegerField()  # before, on a roll
    uninsured = models.PositiveIntegerField()  # before, on none
    review = models.PositiveIntegerField()
    covered_before = models.PositiveIntegerField()
    covered_after = models.PositiveIntegerField()
    enrolled = models.PositiveIntegerField()
    households_enrolled = models.PositiveIntegerField()  # households
    household_days = models.PositiveIntegerField()  # days from opening to cover, over these
    work_open = models.PositiveIntegerField()  # items
    work_done = models.PositiveIntegerField()  # items
    stepped_at = models.DateTimeField()  # when its results changed last

    class Meta:
        indexes = [GistIndex(fields=["area_path"], name="campaign_count_path")]


class CampaignDay(models.Model):
    """What a campaign did on one day, in persons."""

    campaign = models.ForeignKey("programme.Campaign", models.CASCADE, related_name="+")
    day = models.DateField()
    found = models.PositiveIntegerField()  # residents whose sheet was set against the rolls
    insured = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "day"], name="campaign_day_once")
        ]


class AreaCount(models.Model):
    """Who is registered in a neighbourhood, and who of them is covered on `day`; persons."""

    area = models.OneToOneField(Area, models.CASCADE, related_name="+", primary_key=True)
    area_path = PathField()
    province = models.CharField(max_length=2)
    persons = models.PositiveIntegerField()
    households = models.PositiveIntegerField()  # households
    ours = models.PositiveIntegerField()  # covered by this insurer
    elsewhere = models.PositiveIntegerField()  # covered by another and not by this one
    day = models.DateField()
    counted_at = models.DateTimeField()

    class Meta:
        indexes = [GistIndex(fields=["area_path"], name="area_count_path")]

    @property
    def covered(self) -> int:
        return self.ours + self.elsewhere

    @property
    def uncovered(self) -> int:
        """Registered persons of whom no cover is known."""
        return self.persons - self.covered


class StaleCount(models.Model):
    """A neighbourhood whose count is to be made anew. Only ever added to, so no writer waits."""

    id = models.BigAutoField(primary_key=True)
    area = models.ForeignKey(Area, models.CASCADE, related_name="+")
