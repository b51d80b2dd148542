"""The demonstration's engagement, played through the actions."""

import pytest
from django.conf import settings
from django.db.models import F

from commitments.demo.people import make_people
from commitments.demo.timetable import LAST_DAY
from engagement.demo.engagements import load
from engagement.demo.people import INVENTED
from engagement.models import Engagement

FOLDER = settings.BASE_DIR / "fixtures" / "demo"


@pytest.mark.django_db
def test_each_system_heard_people_and_all_of_it_says_that_it_is_invented(reference):
    make_people(FOLDER, "not-needed-here")

    loaded = load(FOLDER)

    assert loaded == Engagement.objects.count() > 0
    assert load(FOLDER) == 0
    assert set(Engagement.objects.standing().values_list("system__code", flat=True)) == {"QKK", "QRL", "QRV"}
    assert Engagement.objects.filter(withdrawal__isnull=False).count() == 1
    assert all(heard.what_was_heard.endswith(f"({INVENTED})") for heard in Engagement.objects.all())
    assert not Engagement.objects.filter(recorded_on__gt=LAST_DAY).exists()
    assert not Engagement.objects.filter(commitment__delivery_level="national").exists()
    assert not Engagement.objects.exclude(recorded_by__memberships__footprint=F("system")).exists()
