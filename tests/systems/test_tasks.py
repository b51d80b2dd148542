"""The task that recomputes maturity, as the worker runs it."""

import pytest

from systems.choices import MaturityStatus, Result
from systems.models import MaturityPosition
from systems.tasks import recompute_maturity
from tests.factories import signed_off_assessment

pytestmark = pytest.mark.django_db


def test_what_is_due_is_recomputed(ladder, system, settled):
    signed_off_assessment(system, dict.fromkeys(ladder.criteria, Result.MET))
    MaturityPosition.objects.update(next_change_on="2019-09-30")

    recompute_maturity()

    assert MaturityPosition.objects.get(footprint=system).status == MaturityStatus.MET
