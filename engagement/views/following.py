"""What I follow: one button on published pages, the list, and the end of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commitments.models import Publication
from engagement import actions
from engagement.choices import FollowKind
from engagement.models import Follow
from engagement.presenters import following as present
from ltp_portal.sent_once import sent_once

NAMES = {
    FollowKind.COMMITMENT: ("commitments", "title"),
    FollowKind.THEME: ("themes", "name"),
    FollowKind.PLACE: ("footprints", "name"),
}


@login_required
@require_POST
@sent_once
def follow(request, code: str, kind: str, what: str):
    """Follows something that a system published, or no longer."""
    follows_it = Follow.objects.of(request.user).filter(system__code=code, kind=kind, code=what).first()
    if request.POST.get("do") == "stop":
        if follows_it:
            actions.unfollow(system=follows_it.system, kind=FollowKind(kind), code=what, by=request.user)
        messages.success(request, "You no longer follow this.")
        return redirect(_back(request))
    latest = _latest(request.user).filter(system__code=code)
    publication = get_object_or_404(latest)
    if kind not in FollowKind.values:
        raise Http404
    rows, _ = NAMES[FollowKind(kind)]
    get_object_or_404(getattr(publication, rows), code=what)
    actions.follow(system=publication.system, kind=FollowKind(kind), code=what, by=request.user)
    messages.success(request, "You follow this: an email tells you what changed each time it is published.")
    return redirect(_back(request))


def _latest(user):
    return Publication.objects.visible_to(user).latest_of_each_system().select_related("system")


def _back(request) -> str:
    """The page the button stood on, if it is one of ours; else the list."""
    page = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(page, allowed_hosts=None) and page.startswith("/")
    return page if is_ours else reverse("engagement:following")


@login_required
@require_safe
def following(request):
    """All that this person follows, by its name as it was last published."""
    follows = list(Follow.objects.of(request.user).select_related("system"))
    latest = {one.system_id: one for one in _latest(request.user).filter(system__in={f.system_id for f in follows})}
    lines = present.followed(follows, latest, _names(follows, list(latest.values())))
    return render(request, "engagement/following.html", {"follows": lines})


def _names(follows: list[Follow], publications: list[Publication]) -> dict[tuple[int, str, str], str]:
    systems = {one.pk: one.system_id for one in publications}
    found = {}
    for kind, (rows, name) in NAMES.items():
        codes = {follow.code for follow in follows if follow.kind == kind}
        published = Publication.objects.filter(pk__in=systems, **{f"{rows}__code__in": codes})
        for pk, code, text in published.values_list("pk", f"{rows}__code", f"{rows}__{name}"):
            found[systems[pk], str(kind), code] = text
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def following_stop(request):
    """Stops all e-mails, by following nothing any more. The page that each e-mail leads to."""
    if request.method == "POST":
        actions.unfollow_everything(by=request.user)
        messages.success(request, "You follow nothing any more, and get no more of these emails.")
        return redirect("engagement:following")
    crumbs = [("What I follow", reverse("engagement:following"))]
    page = {"count": Follow.objects.of(request.user).count(), "crumbs": crumbs}
    return render(request, "engagement/following_stop.html", page)
