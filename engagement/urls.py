"""The addresses of committees, their meetings and papers, of what they asked, and of engagement."""

import datetime as dt

from django.urls import path, register_converter

from engagement.views import answers, committees, engagements, meetings, papers, recommendations

app_name = "engagement"


class Day:
    """A day as it stands in an address: 2019-09-30."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> dt.date:
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date) -> str:
        return value.isoformat()


register_converter(Day, "day")
ABOUT_A_COMMITMENT = "systems/<slug:code>/commitments/<slug:commitment_code>/"

urlpatterns = [
    path("committees/", committees.committees, name="committees"),
    path("committees/<slug:slug>/", committees.committee, name="committee"),
    # Meetings are read by their day, and written by their number: a day may move while somebody writes.
    path("committees/<slug:slug>/meetings/add/", meetings.meeting_add, name="meeting_add"),
    path("committees/<slug:slug>/meetings/<day:held_on>/", meetings.meeting, name="meeting"),
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
    # Whom a system spoke with
    path(f"{ABOUT_A_COMMITMENT}engagement/", engagements.engagement, name="engagement"),
    path(f"{ABOUT_A_COMMITMENT}engagement/add/", engagements.engagement_add, name="engagement_add"),
    path("engagement/<int:pk>/withdraw/", engagements.engagement_withdraw, name="engagement_withdraw"),
]
