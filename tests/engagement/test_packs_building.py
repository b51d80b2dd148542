"""A pack as one document: what stands in it, numbered, and every word explained."""

from dataclasses import replace

import pytest

from commitments.choices import Status, ThemeClass
from commitments.comparison import DATES
from engagement.choices import INFORMATION_ONLY
from engagement.packs.building import build
from engagement.packs.document import Counts, Paragraph, Subheading, Table
from engagement.packs.facts import Gap, Ladder, LevelChanged
from engagement.packs.glossary import MEANINGS, abbreviations, found_in
from systems.choices import MaturityStatus
from tests.engagement.packs import asked, changed, compared, head, pack_facts, standing, system_facts


def section(document, heading):
    return next(section for section in document.sections if section.heading == heading)


def paragraphs(found) -> list[tuple[str, str]]:
    return [(block.number, block.text) for block in found.blocks if isinstance(block, Paragraph)]


def table(found) -> Table:
    return next(block for block in found.blocks if isinstance(block, Table))


def test_the_cover_says_what_where_when_and_by_whom():
    document = build(pack_facts())

    assert document.cover == (
        ("Title of meeting", "South East London JHOSC"),
        ("Date of meeting", "15 October 2019"),
        ("Agenda item", "4. The plan"),
        ("Subject", "How the commitments stand"),
        ("Report by", "Chief Officer"),
        ("Wards affected", "All"),
        ("Edition", "1, made on 30 September 2019"),
    )
    assert document.title == "How the commitments stand: South East London JHOSC, 15 October 2019"
    assert document.as_at == "South East London as at 30 September 2019"
    assert document.banner == INFORMATION_ONLY


def test_a_later_edition_says_so_in_its_title():
    assert build(pack_facts(edition=2)).title.endswith("15 October 2019, edition 2")


def test_sections_and_paragraphs_are_numbered():
    document = build(pack_facts())

    assert [(found.number, found.heading) for found in document.sections] == [
        (1, "Purpose"),
        (2, "Recommendations"),
        (3, "Summary"),
        (4, "What has changed since the last meeting"),
        (5, "Exceptions: missed and off track"),
        (6, "Bexley"),
        (7, "What the committee asked, and where it stands"),
        (8, "Abbreviations"),
        (9, "Sources"),
    ]
    assert paragraphs(document.sections[0]) == [("1.1", "To tell the committee."), ("1.2", "To hear from it.")]
    assert paragraphs(document.sections[1]) == [("2.1", "The committee is asked to note the report.")]


def test_the_summary_counts_each_class_by_status_in_words():
    heads = (
        head(Status.OFF_TRACK, "A-1"),
        head(Status.ON_TRACK, "A-2"),
        head(Status.ON_TRACK, "A-3", ThemeClass.PRIORITISED),
        head(Status.NOT_APPLICABLE, "A-4"),
    )

    found = section(build(pack_facts(systems=(system_facts(heads=heads),))), "Summary")

    [counts] = [block for block in found.blocks if isinstance(block, Counts)]
    assert counts.columns == ("Core foundations", "Prioritised", "Enablers", "All")
    assert [(row.status, row.numbers) for row in counts.rows] == [
        (Status.OFF_TRACK, (1, 0, 0, 1)),
        (Status.ON_TRACK, (1, 1, 0, 2)),
    ]
    assert counts.totals == (2, 1, 0, 3)
    assert [counts.in_words(row) for row in counts.rows] == ["1 of 3 off track", "2 of 3 on track"]
    assert paragraphs(found)[0][1].startswith("South East London: 1 of 3 commitments are missed or off track. In all: ")


def test_where_nothing_was_published_the_summary_says_so():
    found = section(build(pack_facts(systems=(system_facts(heads=()),))), "Summary")

    assert paragraphs(found)[0][1] == "Nothing was published about the commitments of South East London."
    [counts] = [block for block in found.blocks if isinstance(block, Counts)]
    assert counts.rows == ()


def test_exceptions_are_told_missed_first_with_sentence_and_path_to_green():
    found = section(build(pack_facts()), "Exceptions: missed and off track")

    missed, off_track = (block for block in found.blocks if isinstance(block, Table))
    assert missed.caption == "Missed in South East London: 1"
    assert off_track.rows == (
        ("Two-hour response (LTP1-OOH-01)", "Off track: Bexley", "Off track: reported red.", "Recruit"),
    )


@pytest.mark.parametrize(
    ("number", "where", "why"),
    [
        (3, "Missed: PCN 0, PCN 1, PCN 2", "Missed: too late."),
        (4, "Missed: 4 places", "Missed: too late. In PCN 0, PCN 1, PCN 2, PCN 3."),
        (13, "Missed: 13 places", "Missed: too late. In Bexley (13)."),
    ],
)
def test_the_very_same_said_of_many_places_is_said_once(number, where, why):
    same = tuple(standing(Status.MISSED, where=f"PCN {n}", sentence="Missed: too late.") for n in range(number))

    found = section(build(pack_facts(systems=(system_facts(failing=same),))), "Exceptions: missed and off track")

    assert table(found).caption == f"Missed in South East London: {number}"
    assert table(found).rows == (("Two-hour response (LTP1-OOH-01)", where, why, "Recruit"),)


def test_without_exceptions_it_says_so():
    found = section(build(pack_facts(systems=(system_facts(failing=()),))), "Exceptions: missed and off track")

    assert paragraphs(found) == [("5.1", "Nothing in South East London was missed or off track on 30 September 2019.")]


def test_what_changed_is_counted_and_told_with_was_now_and_why():
    found = section(build(pack_facts()), "What has changed since the last meeting")

    said = [text for _, text in paragraphs(found)]
    assert said[0].startswith("South East London is compared with July 2019, edition 1, as at 31 July 2019: what lay")
    assert "worse: 1" in said[1]
    worse, dates = (block for block in found.blocks if isinstance(block, Table))
    assert worse.rows[0][1:] == ("Bexley", Status.AT_RISK, Status.OFF_TRACK, "Off track: reported red.")
    assert dates.rows[0][2:] == ("Expected date: from 31 March 2020 to 30 September 2020", "Staff")


@pytest.mark.parametrize(("kind", "number", "shown"), [("worse", 40, 40), ("worse", 41, 40), (DATES, 41, 40)])
def test_of_many_changes_the_first_are_shown(kind, number, shown):
    many = compared(**{kind: tuple(changed(dates=True, code=f"A-{n}") for n in range(number))})

    found = section(
        build(pack_facts(systems=(system_facts(compared=many),))), "What has changed since the last meeting"
    )

    assert len(table(found).rows) == shown
    assert any("the first 40 of 41 lines" in text for _, text in paragraphs(found)) is (number > shown)


def test_what_was_not_there_before_says_so():
    new = compared(opened=(type(changed())(standing(), None, ()),))

    found = section(build(pack_facts(systems=(system_facts(compared=new),))), "What has changed since the last meeting")

    assert table(found).rows[0][2] == "Not there"


def gap(number: int = 1) -> Gap:
    return Gap("ICS matrix", f"Domain {number}", "Bexley", MaturityStatus.AT_RISK, "So it is.", ("A plan.", "A"))


def test_maturity_is_told_framework_by_framework_then_gap_by_gap():
    ladders = (
        Ladder("ICS matrix", "South East London", MaturityStatus.AT_RISK, "At risk in 1 of 5 areas", ""),
        Ladder("PCN matrix", "South East London", None, "", "19 of 35 PCNs at step 1"),
    )
    found = section(build(pack_facts(systems=(system_facts(ladders=ladders, gaps=(gap(),)),))), "Maturity")

    stands, gaps = (block for block in found.blocks if isinstance(block, Table))
    assert [row[2] for row in stands.rows] == ["At risk in 1 of 5 areas", "19 of 35 PCNs at step 1"]
    assert gaps.rows == (("Domain 1, ICS matrix", "Bexley: At risk", "So it is.", "A plan; A"),)


@pytest.mark.parametrize(("number", "shown"), [(0, 0), (25, 25), (26, 25)])
def test_of_many_gaps_the_worst_are_named(number, shown):
    ladders = (Ladder("ICS matrix", "Bexley", MaturityStatus.MET, "Met in 1 of 1 area", ""),)
    facts = system_facts(ladders=ladders, gaps=tuple(map(gap, range(number))))
    found = section(build(pack_facts(systems=(facts,))), "Maturity")

    tables = [block for block in found.blocks if isinstance(block, Table)]
    said = [text for _, text in paragraphs(found)]
    assert sum(len(one.rows) for one in tables[1:]) == shown
    assert any("No gap" in text for text in said) is (number == 0)
    assert any("The 25 worst of 26 gaps" in text for text in said) is (number > shown)


def test_without_maturity_there_is_no_section_of_it():
    assert "Maturity" not in [one.heading for one in build(pack_facts()).sections]


def test_one_system_of_two_without_maturity_says_so():
    ladders = (Ladder("ICS matrix", "Bexley", MaturityStatus.MET, "Met in 1 of 1 area", ""),)
    both = (system_facts(ladders=ladders), system_facts(name="Kent"))

    assert "Nothing was published about the maturity of Kent." in [
        text for _, text in paragraphs(section(build(pack_facts(systems=both)), "Maturity"))
    ]


@pytest.mark.parametrize(("number", "shown"), [(1, 1), (41, 40)])
def test_maturity_that_moved_is_told_with_what_changed(number, shown):
    level = LevelChanged(
        "ICS matrix", "Leadership", "Bexley", MaturityStatus.MET, "From emerging to maturing", "Met: so it is."
    )
    facts = system_facts(compared=replace(compared(), levels=(level,) * number))
    found = section(build(pack_facts(systems=(facts,))), "What has changed since the last meeting")

    moved = table(found)
    assert (moved.caption, len(moved.rows)) == (f"Maturity moved: {number}", shown)
    assert moved.rows[0][1:3] == ("Bexley: Met", "From emerging to maturing")
    assert any("the first 40 of 41" in text for _, text in paragraphs(found)) is (number > shown)


def test_with_nothing_to_compare_it_says_so():
    found = section(build(pack_facts(systems=(system_facts(),))), "What has changed since the last meeting")

    assert "there is nothing to compare" in paragraphs(found)[0][1]


def test_each_borough_has_a_page_beside_its_system():
    found = section(build(pack_facts()), "Bexley")

    assert found.starts_page
    assert paragraphs(found)[0][1] == (
        "Bexley has 248,287 people. Among the exceptions of this pack, 2 are deliveries there: "
        "1 missed and 1 off track."
    )
    [counts] = [block for block in found.blocks if isinstance(block, Counts)]
    assert counts.columns == ("Bexley", "South East London")
    assert table(found).rows == (("Promise LTP1-OOH-01 (LTP1-OOH-01)", Status.OFF_TRACK, Status.OFF_TRACK),)


@pytest.mark.parametrize(("number", "said"), [(12, False), (13, True)])
def test_a_borough_page_names_the_worst_and_says_how_many_there_are(number, said):
    heads = tuple(head(Status.AT_RISK, f"A-{n}") for n in range(number))
    [borough] = system_facts().boroughs
    place = type(borough)("E1", "Bexley", None, "", heads)

    found = section(build(pack_facts(systems=(system_facts(boroughs=(place,), failing=()),))), "Bexley")

    assert len(table(found).rows) == 12
    assert any("12 worst of 13" in text for _, text in paragraphs(found)) is said
    assert paragraphs(found)[0][1] == "No delivery there is missed or off track."


def test_a_borough_in_which_all_is_well_says_so():
    [borough] = system_facts().boroughs
    place = type(borough)("E1", "Bexley", None, "", (head(Status.ON_TRACK),))

    found = section(build(pack_facts(systems=(system_facts(boroughs=(place,)),))), "Bexley")

    assert paragraphs(found)[-1][1] == "Nothing in Bexley was missed, off track, not reported or at risk."


def test_several_systems_stand_below_their_names():
    document = build(pack_facts(systems=(system_facts(), system_facts(name="North West London", boroughs=()))))

    headings = [block.text for block in section(document, "Summary").blocks if isinstance(block, Subheading)]
    assert headings == ["South East London", "North West London"]
    assert document.as_at == ("South East London as at 30 September 2019; North West London as at 30 September 2019")


def test_what_was_asked_is_told_with_its_state_and_its_answer():
    found = section(build(pack_facts()), "What the committee asked, and where it stands")

    assert paragraphs(found) == [
        (
            "7.1",
            "The committee follows 2 recommendations and questions. 1 is overdue. Only the committee closes them.",
        )
    ]
    awaiting, answered = table(found).rows
    assert awaiting == (
        "Minute 12, 10 September 2019",
        "Recommendation to South East London: That the boroughs see the plan. Asked 2 times.",
        "Awaiting an answer. Overdue: was due 8 October 2019.",
        "No answer yet",
    )
    assert answered[3] == "Accepted. Yes. Seen to by: CCG."


def test_nothing_asked_is_said():
    found = section(build(pack_facts(asked=())), "What the committee asked, and where it stands")

    assert paragraphs(found) == [("7.1", "The committee has recorded no recommendation and no question.")]


def test_an_answer_not_due_yet_names_the_day():
    ask = asked(is_overdue=False, times=1)

    found = section(build(pack_facts(asked=(ask,))), "What the committee asked, and where it stands")

    assert table(found).rows[0][2] == "Awaiting an answer. Due 8 October 2019."


def test_the_sources_name_every_publication_and_where_exceptions_are_printed():
    system = system_facts(edition=2, corrected_because="Two reports came late.")

    found = section(build(pack_facts(systems=(system,))), "Sources")

    publications, printed = (block for block in found.blocks if isinstance(block, Table))
    assert publications.rows == (
        (
            "South East London, August 2019, edition 2. Corrected: Two reports came late.",
            "30 September 2019",
            "https://portal.example.org/systems/QKK/published/2019-08/1/",
        ),
    )
    assert printed.rows == (("LTP1-OOH-01", "by 2023/24", "LTP para 1.8"),)
    assert ("9.3", "Populations: residents in mid-2019 (ONS).") in paragraphs(found)


# --- Abbreviations ----------------------------------------------------------------------------------------


def test_every_abbreviation_used_is_explained():
    found = table(section(build(pack_facts()), "Abbreviations"))

    assert found.rows == (
        ("A&E", "Accident and emergency"),
        ("CCG", "Clinical commissioning group"),
        ("JHOSC", "Joint health overview and scrutiny committee"),
        ("LTP", "NHS Long Term Plan"),
        ("NHS", "National Health Service"),
        ("ONS", "Office for National Statistics"),
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The CCGs and the GP", {"CCG", "GP"}),
        ("NHSE&I asked LeDeR", {"NHSE&I", "LeDeR"}),
        ("LTP1-OOH-01 is a code", set()),
        ("see https://www.NICE.org.uk/NG12", set()),
        ("A plan. I agree.", set()),
        ("the XYZZY", {"XYZZY"}),
    ],
)
def test_abbreviations_are_found_in_the_text(text, found):
    assert abbreviations([text]) == found


def test_what_is_not_known_is_not_invented():
    assert found_in(["The XYZZY and the NHS"]) == {"NHS": MEANINGS["NHS"]}
