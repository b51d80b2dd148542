"""The addresses of committees, their meetings and papers, of what they asked, and of engagement."""

import datetime as dt

from django.urls import path, register_converter

from engagement.choices import PackFormat
from engagement.views import (
    answers,
    committees,
    dashboards,
    engagements,
    following,
    meetings,
    opinions,
    packs,
    papers,
    recommendations,
)

app_name = "engagement"


class Day:
    """A day as it stands in an address: 2019-09-30."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> dt.date:
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date) -> str:
        return value.isoformat()


register_converter(Day, "day")
MEETING = "committees/<slug:slug>/meetings/<day:held_on>/"
ABOUT_A_COMMITMENT = "systems/<slug:code>/commitments/<slug:commitment_code>/"

urlpatterns = [
    path("committees/", committees.committees, name="committees"),
    path("committees/<slug:slug>/", committees.committee, name="committee"),
    path("committees/<slug:slug>/dashboard/", dashboards.dashboard, name="dashboard"),
    path("committees/<slug:slug>/dashboard/deliveries/", dashboards.dashboard_deliveries, name="dashboard_deliveries"),
    # Meetings are read by their day, and written by their number: a day may move while somebody writes.
    path("committees/<slug:slug>/meetings/add/", meetings.meeting_add, name="meeting_add"),
    path(MEETING, meetings.meeting, name="meeting"),
    # The pack before it: the same address gives the same bytes for good.
    path(f"{MEETING}pack/", packs.pack, name="pack"),
    path("meetings/<int:pk>/pack/add/", packs.pack_make, name="pack_make"),
    path(f"{MEETING}pack.html", packs.pack_file, {"writing": PackFormat.HTML}, name="pack_html"),
    path(f"{MEETING}pack.css", packs.pack_file, {"writing": PackFormat.STYLE}, name="pack_style"),
    path(f"{MEETING}pack.pdf", packs.pack_file, {"writing": PackFormat.PDF}, name="pack_pdf"),
    path(f"{MEETING}pack.docx", packs.pack_file, {"writing": PackFormat.WORD}, name="pack_word"),
    path("meetings/<int:pk>/edit/", meetings.meeting_edit, name="meeting_edit"),
    path("meetings/<int:pk>/items/add/", meetings.item_add, name="item_add"),
    path("meetings/<int:pk>/items/<int:item_pk>/", meetings.item_edit, name="item_edit"),
    path("meetings/<int:pk>/papers/add/", papers.paper_add, name="paper_add"),
    path("meetings/<int:pk>/recommendations/add/", recommendations.recommendation_add, name="recommendation_add"),
    # Papers
    path("papers/<int:pk>/", papers.paper, name="paper"),
    path("papers/<int:pk>/edit/", papers.paper_edit, name="paper_edit"),
    path("papers/<int:pk>/issue/", papers.paper_issue, name="paper_issue"),
    # What was asked: the committee's part, then the part of the NHS
    path("recommendations/", recommendations.recommendations, name="recommendations"),
    path("recommendations/<int:pk>/", recommendations.recommendation, name="recommendation"),
    path("recommendations/<int:pk>/close/", recommendations.recommendation_close, name="recommendation_close"),
    path("recommendations/<int:pk>/reopen/", recommendations.recommendation_reopen, name="recommendation_reopen"),
    path("recommendations/<int:pk>/answer/", answers.answer, name="answer"),
    path("recommendations/<int:pk>/commitments/", answers.commitments, name="answer_commitments"),
    path("recommendations/<int:pk>/actions/add/", answers.action_add, name="action_add"),
    path("recommendations/<int:pk>/actions/<int:action_pk>/", answers.action_done, name="action_done"),
    path("recommendations/<int:pk>/evidence/add/", answers.evidence_add, name="evidence_add"),
    path("recommendations/<int:pk>/evidence/<int:evidence_pk>/", answers.evidence, name="evidence"),
    # What others make of what was published
    path("opinions/", opinions.opinions, name="opinions"),
    path("opinions/<int:pk>/", opinions.opinion, name="opinion"),
    path("opinions/<int:pk>/file/", opinions.opinion_file, name="opinion_file"),
    path("opinions/<int:pk>/reply/", opinions.opinion_reply, name="opinion_reply"),
    path("positions/<int:pk>/opinion/", opinions.opinion_lodge, name="opinion_lodge"),
    # What I follow
    path("following/", following.following, name="following"),
    path("following/stop/", following.following_stop, name="following_stop"),
    path("following/<slug:code>/<slug:kind>/<footprint:what>/", following.follow, name="follow"),
    # Whom a system spoke with
    path(f"{ABOUT_A_COMMITMENT}engagement/", engagements.engagement, name="engagement"),
    path(f"{ABOUT_A_COMMITMENT}engagement/add/", engagements.engagement_add, name="engagement_add"),
    path("engagement/<int:pk>/withdraw/", engagements.engagement_withdraw, name="engagement_withdraw"),
]
