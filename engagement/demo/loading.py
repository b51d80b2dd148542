"""Plays the committees' year day by day, through the actions that people use."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from commitments.models import Commitment, Publication
from engagement import actions
from engagement.choices import LEADING_SEATS, MeetingStatus
from engagement.demo.people import INVENTED, somebody
from engagement.duties import answer_due
from engagement.models import AgendaItem, Committee, CommitteeMembership, Meeting, Paper, Recommendation
from systems.choices import Role, Verified
from systems.models import Footprint, Organisation, User

_DAY = dt.timedelta(days=1)
Words = dict[str, Any]
# What happens on a day, to be played in the order of days.
Event = tuple[dt.date, Callable[[], None]]


@transaction.atomic
def load(folder: Path) -> int:
    """Writes members, meetings, papers and what was asked. Returns how many meetings; none where there are some."""
    if Meeting.objects.exists():
        return 0
    for told in json.loads((folder / "committees.json").read_text(encoding="utf-8")):
        _Committee(told).play()
    return Meeting.objects.count()


class _Committee:
    """One committee, who writes for it, and who answers for each system it scrutinises."""

    def __init__(self, told: Words) -> None:
        self.told = told
        if invented := told.get("invented"):
            _found(told["committee"], **invented)
        self.committee = Committee.objects.get(slug=told["committee"])
        self.systems = {system.code: system for system in self.committee.systems()}
        self.asked: dict[str, Recommendation] = {}
        self.packs: list[tuple[Meeting, AgendaItem, Words]] = []
        for seat in told["seats"]:
            self._seat(**seat)
        leading = self.committee.seats.filter(role__in=LEADING_SEATS, user__isnull=False).order_by("-role")
        self.clerk = User.objects.get(pk=leading.values("user")[:1])

    def _seat(
        self, *, council: str, role: str, starts_on: str, email: str = "", name: str = "", ends_on: str = ""
    ) -> None:
        CommitteeMembership.objects.create(
            committee=self.committee,
            user=User.objects.get(email=email) if email else None,
            name=name,
            council=Organisation.objects.get(code=council),
            role=role,
            starts_on=starts_on,
            ends_on=ends_on or None,
            source=INVENTED,
        )

    def play(self) -> None:
        events = [event for told in self.told["meetings"] for event in self._meeting(told)]
        for _, happen in sorted(events, key=lambda event: event[0]):
            happen()
        for meeting, item, words in self.packs:
            self._ask_for_pack(meeting, item, words)

    def _meeting(self, told: Words) -> Iterator[Event]:
        facts: Words = {name: told[name] for name in ("starts_at", "place", "source") if name in told}
        facts |= {"held_on": _day(told["held_on"]), "status": told.get("status", MeetingStatus.HELD)}
        meeting = actions.add_meeting(committee=self.committee, facts=facts)
        items = {item["number"]: actions.add_item(meeting=meeting, facts=item) for item in told["items"]}
        if pack := told.get("pack"):
            self.packs.append((meeting, items[pack["item"]], pack))
        for paper in told.get("papers", ()):
            words = paper | {"item": items[paper["item"]]}
            issued_on, source = words.pop("issued_on", None), words.pop("source")
            draft = actions.add_paper(facts=words, source=source)
            if issued_on:
                yield _day(issued_on), self._issue(draft, _day(issued_on))
        for ask in told.get("asks", ()):
            words = ask | {"item": items[ask["item"]]}
            then = words.pop("then", ())
            key = f"{meeting.pk} {ask['reference']}"
            yield meeting.held_on + _DAY, self._ask(meeting, key, words)
            for step in then:
                yield _day(step["on"]), self._follow(key, **step)

    def _ask_for_pack(self, meeting: Meeting, item: AgendaItem, words: Words) -> None:
        """A worker makes it, as soon as there is one; where nothing is published there is nothing to tell."""
        published = Publication.objects.filter(system__in=self.systems.values()).latest_of_each_system()
        if published:
            facts = {**words, "item": item}
            actions.ask_for_pack(meeting=meeting, facts=facts, publications=published, by=self.clerk)

    def _issue(self, paper: Paper, day: dt.date) -> Callable[[], None]:
        return lambda: actions.issue_paper(paper=paper, version=1, by=self.clerk, today=day)

    def _ask(self, meeting: Meeting, key: str, words: Words) -> Callable[[], None]:
        def happen() -> None:
            system = self._asked_of(words)
            facts = words | {"system": system, "due_on": answer_due(meeting.held_on, settings.ANSWER_DAYS)}
            name, earlier = facts.pop("id", None), facts.pop("repeats", None)
            linked, source = facts.pop("commitments", ()), facts.pop("source", INVENTED)
            facts["repeats"] = self.asked[earlier] if earlier else None
            asked = actions.record_recommendation(
                meeting=meeting, facts=facts, by=self.clerk, today=meeting.held_on + _DAY, source=source
            )
            about = list(Commitment.objects.filter(code__in=linked))
            actions.link_commitments(recommendation=asked, version=1, commitments=about)
            self.asked |= {key: asked} | ({name: asked} if name else {})

        return happen

    def _asked_of(self, words: Words) -> Footprint:
        """The system the words name; where they name none, the only one."""
        [only] = [words["system"]] if "system" in words else self.systems
        return self.systems[only]

    def _follow(self, key: str, *, on: str, do: str, **words: Any) -> Callable[[], None]:
        """What the NHS or the committee did with it on a day."""
        day = _day(on)

        def happen() -> None:
            asked = Recommendation.objects.get(pk=self.asked[key].pk)
            about: Words = {"recommendation": asked, "today": day}
            if do == "answer":
                approver = somebody(Role.APPROVER, asked.system)
                actions.answer(**about, version=asked.version, facts=_with_days(words), by=approver)
            elif do == "action":
                facts = _with_days(words)
                done_on = facts.pop("done_on", None)
                action = actions.add_action(**about, facts=facts, by=somebody(Role.PROGRAMME_MANAGER, asked.system))
                if done_on:
                    actions.finish_action(action=action, today=done_on)
            elif do == "evidence":
                actions.add_evidence(**about, **words, by=somebody(Role.PROGRAMME_MANAGER, asked.system))
            else:
                turn = actions.close if do == "close" else actions.reopen
                turn(**about, version=asked.version, **_with_days(words), by=self.clerk)

        return happen


def _found(slug: str, *, name: str, kind: str, councils: list[str], footprints: list[str], note: str) -> None:
    """Founds a committee that never was, so that one of several systems can be walked through."""
    committee = Committee.objects.create(
        slug=slug, name=name, kind=kind, verified=Verified.NO, source=INVENTED, note=note
    )
    for code in councils:
        committee.council_seats.create(council=Organisation.objects.get(code=code), source=INVENTED)
    for code in footprints:
        committee.scope.create(footprint=Footprint.objects.get(code=code), source=INVENTED)


def _with_days(words: Words) -> Words:
    return {name: _day(value) if name.endswith("_on") else value for name, value in words.items()}


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
