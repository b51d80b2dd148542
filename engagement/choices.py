"""The words of committees: what they are, who sits on them, and what becomes of what they ask."""

from django.db import models


class CommitteeKind(models.TextChoices):
    """What sort of committee it is."""

    JHOSC = "jhosc", "Joint health overview and scrutiny committee"
    SCRUTINY = "scrutiny", "Overview and scrutiny committee"
    HWB = "hwb", "Health and wellbeing board"
    NHS_BOARD = "nhs_board", "NHS board"


class Seat(models.TextChoices):
    """What somebody is on a committee."""

    CHAIR = "chair", "Chair"
    VICE_CHAIR = "vice_chair", "Vice-chair"
    MEMBER = "member", "Member"
    OFFICER = "officer", "Officer"


# Who writes the committee's meetings, papers and recommendations, and closes them.
LEADING_SEATS = (Seat.CHAIR, Seat.OFFICER)


class MeetingStatus(models.TextChoices):
    """Whether a meeting is to come."""

    PLANNED = "planned", "Planned"
    HELD = "held", "Held"
    CANCELLED = "cancelled", "Cancelled"


class PaperKind(models.TextChoices):
    """What a paper asks of the committee, and so what it must hold."""

    INFORMATION = "information", "Information"
    DECISION = "decision", "Decision"


# As Portsmouth City Council prints it on each page of such a paper.
INFORMATION_ONLY = (
    "This item is for information only. Information only reports do not require equality impact assessments, legal "
    "or finance comments, as no decision is being taken."
)


class PaperState(models.TextChoices):
    """Whether a paper has been published."""

    DRAFT = "draft", "Draft"
    ISSUED = "issued", "Issued"


class AskKind(models.TextChoices):
    """What the committee asks: formally, or in a question that was taken away. Both are followed in the same way."""

    RECOMMENDATION = "recommendation", "Recommendation"
    QUESTION = "question", "Question taken away"


class AskState(models.TextChoices):
    """Whose turn it is."""

    AWAITING = "awaiting", "Awaiting an answer"
    ANSWERED = "answered", "Answered"
    CLOSED = "closed", "Closed by the committee"


# Closing is the committee's, and nobody else's.
OPEN_STATES = (AskState.AWAITING, AskState.ANSWERED)


class Reply(models.TextChoices):
    """How the NHS answers."""

    ACCEPTED = "accepted", "Accepted"
    IN_PART = "in_part", "Accepted in part"
    NOTED = "noted", "Noted"
    NOT_ACCEPTED = "not_accepted", "Not accepted"


# An answer that does not take a recommendation as it was made says why.
NEEDS_A_REASON = (Reply.IN_PART, Reply.NOT_ACCEPTED)


class StepKind(models.TextChoices):
    """What the committee did with an answer."""

    CLOSED = "closed", "Closed"
    REOPENED = "reopened", "Opened again"


class FollowKind(models.TextChoices):
    """What somebody can follow."""

    COMMITMENT = "commitment", "Commitment"
    THEME = "theme", "Theme"
    PLACE = "place", "Borough or place"


class PackFormat(models.TextChoices):
    """What a pack is written as. The style sheet belongs to the web page, and is kept with it."""

    HTML = "html", "Web page"
    STYLE = "css", "Style sheet of the web page"
    PDF = "pdf", "PDF"
    WORD = "docx", "Word document"
