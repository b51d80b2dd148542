"""How a page finds what it is about: within the reader's sight or 404, then whether it is theirs to do or 403."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse

from engagement.models import Committee, Meeting, Recommendation
from systems.models import User

Crumbs = list[tuple[str, str]]


def committee_for(request, slug: str) -> Committee:
    """A committee that this person sees."""
    return get_object_or_404(Committee.objects.visible_to(request.user), slug=slug)


def leads(user: User, committee: Committee) -> bool:
    """Whether this person writes for the committee: its chair or an officer."""
    return Committee.objects.led_by(user).filter(pk=committee.pk).exists()


def require_lead(user: User, committee: Committee) -> None:
    """Refuses who sees the committee and does not write for it."""
    if not leads(user, committee):
        raise PermissionDenied


def meeting_to_write(request, pk: int) -> Meeting:
    """A meeting of a committee this person writes for. By its number: its day may move while they write."""
    found = get_object_or_404(Meeting.objects.visible_to(request.user).select_related("committee"), pk=pk)
    require_lead(request.user, found.committee)
    return found


def recommendation_for(request, pk: int) -> Recommendation:
    """What was asked, with what stands beside it, for whoever sees it."""
    return get_object_or_404(Recommendation.objects.visible_to(request.user).for_list(), pk=pk)


def may_answer(user: User, recommendation: Recommendation) -> bool:
    """Whether answering is this person's, also where there is nothing left to answer."""
    return Recommendation.objects.addressed_to(user).filter(pk=recommendation.pk).exists()


def may_close(user: User, recommendation: Recommendation) -> bool:
    """Whether it was this person's own committee that asked, and they write for it."""
    return Recommendation.objects.led_by(user).filter(pk=recommendation.pk).exists()


def to_answer(request, pk: int) -> Recommendation:
    """What was asked of this person's own system (else 404 or 403)."""
    found = recommendation_for(request, pk)
    if not may_answer(request.user, found):
        raise PermissionDenied
    return found


def to_close(request, pk: int) -> Recommendation:
    """What this person's own committee asked (else 404 or 403)."""
    found = recommendation_for(request, pk)
    if not may_close(request.user, found):
        raise PermissionDenied
    return found


def address_of(meeting: Meeting) -> str:
    return reverse("engagement:meeting", args=[meeting.committee.slug, meeting.held_on])


def crumbs_to(*steps: Committee | Meeting) -> Crumbs:
    """The way down: the list of committees, the committee, the meeting."""
    return [("Committees", reverse("engagement:committees")), *(_crumb(step) for step in steps)]


def _crumb(step: Committee | Meeting) -> tuple[str, str]:
    if isinstance(step, Committee):
        return step.name, reverse("engagement:committee", args=[step.slug])
    return f"Meeting of {step.held_on:%-d %B %Y}", address_of(step)


def crumbs_to_ask(recommendation: Recommendation | None = None) -> Crumbs:
    """The way to a recommendation: the committees, the list of all that was asked, then it."""
    crumbs = [*crumbs_to(), ("Recommendations", reverse("engagement:recommendations"))]
    if recommendation:
        crumbs.append((str(recommendation), reverse("engagement:recommendation", args=[recommendation.pk])))
    return crumbs
