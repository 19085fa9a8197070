"""The catalogue of metrics that formulas may name. What each one counts stands here; `measure_members` does the counting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from forum.kernel.messages import Message
from forum.superfans.metric import WINDOWS, Metric, Subject, Unit


@dataclass(frozen=True)
class MetricGroup:
    title: Message
    metrics: Sequence[Metric]


def catalogue() -> Sequence[MetricGroup]:
    """Every metric once, by subject, for pages and documents."""
    return tuple(
        MetricGroup(title, tuple(one for one in METRICS if one.subject == subject))
        for subject, title in _TITLES.items()
    )


_TITLES: Mapping[Subject, Message] = {
    Subject.SOLVING: Message("Solutions"),
    Subject.ANSWERING: Message("Answers and other posts"),
    Subject.THANKS: Message("Thanks"),
    Subject.BREADTH: Message("Breadth"),
    Subject.STANDING: Message("Membership"),
}

METRICS: Sequence[Metric] = (
    Metric("solutions", Subject.SOLVING, Message("Solutions"), Message(
        "Answers of theirs that stand accepted. An answer in a thread of their own or one they accepted themselves does not count."
    ), windows=WINDOWS),
    Metric("net_solutions", Subject.SOLVING, Message("Net solutions"), Message(
        "Acceptances in the window less those withdrawn in it, whenever they were accepted; below zero if more were withdrawn."
    ), windows=WINDOWS),
    Metric("mod_accepted", Subject.SOLVING, Message("Accepted by staff"), Message(
        "Solutions that an agent, a moderator or an admin accepted on somebody else's question."
    ), windows=WINDOWS),
    Metric("threads_accepted_by_asker", Subject.SOLVING, Message("Accepted by the asker"), Message(
        "Solutions that the asker accepted."
    ), windows=WINDOWS),
    Metric("social_solutions", Subject.SOLVING, Message("Social solutions"), Message(
        "Solutions of questions that came from a network."
    ), windows=WINDOWS),
    Metric("solved_first_reply", Subject.SOLVING, Message("Solved by the first reply"), Message(
        "Solutions that were the first reply by anybody but the asker."
    ), windows=WINDOWS),
    Metric("quick_solutions", Subject.SOLVING, Message("Quick solutions"), Message(
        "Solutions written within an hour of the question."
    ), windows=WINDOWS),
    Metric("late_solutions", Subject.SOLVING, Message("Late solutions"), Message(
        "Solutions written when the question was at least 30 days old."
    ), windows=WINDOWS),
    Metric("earlier_solutions", Subject.SOLVING, Message("Earlier solutions"), Message(
        "Solutions that were accepted in the 90 days before the last 90: what `solutions_90d` is held against."
    )),
    Metric("reversals", Subject.SOLVING, Message("Reversals"), Message(
        "Acceptances of their answers that were withdrawn, by the day of withdrawal."
    ), windows=WINDOWS),
    Metric("acceptance_rate", Subject.SOLVING, Message("Acceptance rate"), Message(
        "The share of the answers written in the window that are solutions now. No data without an answer."
    ), unit=Unit.RATIO, windows=WINDOWS, may_lack=True),
    Metric("answers", Subject.ANSWERING, Message("Answers"), Message(
        "Replies to other people's questions."
    ), windows=WINDOWS),
    Metric("first_replies", Subject.ANSWERING, Message("First replies"), Message(
        "Questions that they answered before anybody else did."
    ), windows=WINDOWS),
    Metric("median_first_response_minutes", Subject.ANSWERING, Message("Median first response"), Message(
        "The median time between a question and their answer, where theirs came first. No data without one."
    ), unit=Unit.MINUTES, windows=WINDOWS, may_lack=True),
    Metric("words_per_answer", Subject.ANSWERING, Message("Words per answer"), Message(
        "The mean length of their answers; a Chinese or Japanese character counts as a word. No data without an answer."
    ), unit=Unit.RATIO, windows=WINDOWS, may_lack=True),
    Metric("questions", Subject.ANSWERING, Message("Questions"), Message(
        "Questions they asked."
    ), windows=WINDOWS),
    Metric("questions_accepted", Subject.ANSWERING, Message("Questions they closed"), Message(
        "Questions of theirs where they accepted somebody else's answer, which stands."
    ), windows=WINDOWS),
    Metric("comments", Subject.ANSWERING, Message("Comments"), Message(
        "Comments they wrote."
    ), windows=WINDOWS),
    Metric("edits", Subject.ANSWERING, Message("Posts edited"), Message(
        "Different posts that they edited, by the day of their last edit of it."
    ), windows=WINDOWS),
    Metric("active_days", Subject.ANSWERING, Message("Active days"), Message(
        "Days on which they wrote a post or a comment."
    ), unit=Unit.DAYS, windows=WINDOWS),
    Metric("streak_weeks", Subject.ANSWERING, Message("Weeks in a row"), Message(
        "Weeks without a gap in which they answered, up to this week; this week counts once they have answered in it."
    ), unit=Unit.WEEKS),
    Metric("longest_streak_weeks", Subject.ANSWERING, Message("Most weeks in a row"), Message(
        "The longest time of weeks without a gap in which they answered."
    ), unit=Unit.WEEKS),
    Metric("days_since_last_answer", Subject.ANSWERING, Message("Days since the last answer"), Message(
        "0 is today. No data for somebody who never answered."
    ), unit=Unit.DAYS, may_lack=True),
    Metric("kudos_received", Subject.THANKS, Message("Kudos received"), Message(
        "Kudos on their replies, imported ones with them."
    ), windows=WINDOWS),
    Metric("kudos_givers", Subject.THANKS, Message("Kudos givers"), Message(
        "Different members who gave kudos to their replies; imported kudos name nobody and do not count here."
    ), windows=WINDOWS),
    Metric("kudos_per_answer", Subject.THANKS, Message("Kudos per answer"), Message(
        "The kudos, up to now, of the answers written in the window, per answer. No data without an answer."
    ), unit=Unit.RATIO, windows=WINDOWS, may_lack=True),
    Metric("most_kudos", Subject.THANKS, Message("Most kudos on one reply"), Message(
        "The kudos of their most thanked reply."
    )),
    Metric("same_problem_thanked", Subject.THANKS, Message("Thanked by people with the same problem"), Message(
        "Kudos on their replies from members who said “same problem” in that thread."
    ), windows=WINDOWS),
    Metric("kudos_given", Subject.THANKS, Message("Kudos given"), Message(
        "Kudos they gave to other people's posts."
    ), windows=WINDOWS),
    Metric("people_thanked", Subject.THANKS, Message("People thanked"), Message(
        "Different people whom they gave kudos."
    ), windows=WINDOWS),
    Metric("people_helped", Subject.BREADTH, Message("Askers helped"), Message(
        "Different people whose question they solved, here or on a network."
    ), windows=WINDOWS),
    Metric("people_reached", Subject.BREADTH, Message("People helped, directly or not"), Message(
        "Different people whose question they solved, or who said “same problem” in its thread."
    ), windows=WINDOWS),
    Metric("boards", Subject.BREADTH, Message("Boards"), Message(
        "Different boards in which they have a solution."
    ), windows=WINDOWS),
    Metric("tags_solved", Subject.BREADTH, Message("Tags"), Message(
        "Different tags of the questions they solved."
    ), windows=WINDOWS),
    Metric("languages", Subject.BREADTH, Message("Languages"), Message(
        "Different languages of the questions they solved; both ways of writing Chinese are one."
    ), windows=WINDOWS),
    Metric("networks", Subject.BREADTH, Message("Networks"), Message(
        "Different networks from which the questions they solved came."
    ), windows=WINDOWS),
    Metric("points", Subject.STANDING, Message("Points"), Message(
        "The sum of their rows in the points ledger."
    ), windows=WINDOWS),
    Metric("days_member", Subject.STANDING, Message("Days a member"), Message(
        "Midnights since they joined."
    ), unit=Unit.DAYS),
    Metric("is_email_confirmed", Subject.STANDING, Message("Mail address confirmed"), Message(
        "Whether they have confirmed their mail address. Yes or no: it is written alone."
    ), unit=Unit.TRUTH),
)  # fmt: skip

BY_NAME: Mapping[str, Metric] = MappingProxyType({one.name: one for one in METRICS})  # without windows
NAMED: Mapping[str, Metric] = MappingProxyType({name: one for one in METRICS for name in one.names})  # as in formulas
