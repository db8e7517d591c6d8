"""The demo holds reforms that were tried and a version that waits."""

from pooshesh.conftest import Cast
from pooshesh.kernel.models import Job
from pooshesh.policy import demo
from pooshesh.policy.models import Remark, Scenario, Version


def test_the_demo_has_scenarios_and_a_proposal_and_loads_once(cast: Cast) -> None:
    for name, user in (("policy", cast.policy_officer), ("director", cast.national_director)):
        type(user).objects.filter(pk=user.pk).update(username=name, is_demo=True)

    demo.with_users()
    demo.with_users()

    counting = Job.objects.filter(kind__in=["policy.scenario", "policy.effect"])
    assert (Scenario.objects.count(), Remark.objects.count(), counting.count()) == (2, 1, 3)
    assert Version.objects.get().state == "proposed"
