"""What somebody follows: their own choice, taken back as easily."""

from django.db import transaction

from engagement.choices import FollowKind
from engagement.models import Follow
from systems.models import Footprint, User


@transaction.atomic
def follow(*, system: Footprint, kind: FollowKind, code: str, by: User) -> None:
    """Follows it from now on. Following it again changes nothing."""
    Follow.objects.bulk_create([Follow(person=by, system=system, kind=kind, code=code)], ignore_conflicts=True)


@transaction.atomic
def unfollow(*, system: Footprint, kind: FollowKind, code: str, by: User) -> None:
    """Follows it no longer."""
    Follow.objects.filter(person=by, system=system, kind=kind, code=code).delete()


@transaction.atomic
def unfollow_everything(*, by: User) -> None:
    """Follows nothing any more, and so gets no letters."""
    Follow.objects.filter(person=by).delete()
