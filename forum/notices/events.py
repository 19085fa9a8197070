"""What a member can be told of. A new event is one declaration here and one sentence where notices are worded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forum.kernel.messages import Message


@dataclass(frozen=True)
class Event:
    """Where it is told unless the member chose otherwise. `for_staff` ones are offered to staff alone."""

    name: str
    title: Message
    in_page: bool = True
    by_mail: bool = False
    for_staff: bool = False


ANSWERED = Event("answered", Message("Somebody replied to your question"), by_mail=True)
FOLLOWED = Event("followed", Message("A thread that you follow has a new reply"))
NAMED = Event("named", Message("Somebody wrote @ and your name"))
COMMENTED = Event("commented", Message("Somebody commented on your post"))
THANKED = Event("thanked", Message("Your post got kudos"))
ACCEPTED = Event("accepted", Message("Your answer was accepted"), by_mail=True)
SOLVED = Event("solved", Message("A thread that you follow, or a problem that you have too, was solved"))
ANSWER_EDITED = Event("answer_edited", Message("An answer that you accepted was changed"), by_mail=True)
HELP_WANTED = Event("help_wanted", Message("A question in your field"), by_mail=True)
MENTION_WAITING = Event("mention_waiting", Message("A question from a network waits for you"), by_mail=True)
RANK_NEAR = Event("rank_near", Message("Your next rank is near"))
RANK_RISEN = Event("rank_risen", Message("You reached a new rank"), by_mail=True)
RANK_FALLING = Event("rank_falling", Message("Your rank needs some help to stay"), by_mail=True)
RANK_FALLEN = Event("rank_fallen", Message("Your rank has changed"))
BADGE = Event("badge", Message("You earned a badge"))
REPLY_APPROVED = Event("reply_approved", Message("Your answer to a mention was sent"))
REPLY_DECLINED = Event("reply_declined", Message("Your answer to a mention was not sent"))
INVITED = Event("invited", Message("You are invited to the superfan programme"), by_mail=True)
PROGRAMME = Event("programme", Message("Your place in the superfan programme has changed"), by_mail=True)
STAFF_THANKS = Event("staff_thanks", Message("The team thanks you"), by_mail=True)
IMPACT = Event("impact", Message("Your week in numbers"), in_page=False, by_mail=True)
REPLY_WAITING = Event("reply_waiting", Message("A reply waits for approval"), for_staff=True)
UNANSWERED = Event("unanswered", Message("Nobody answered in time"), for_staff=True)
SUSPICION = Event("suspicion", Message("Votes that look wrong"), for_staff=True)

EVENTS: Mapping[str, Event] = {
    event.name: event
    for event in (
        ANSWERED, FOLLOWED, NAMED, COMMENTED, THANKED, ACCEPTED, SOLVED, ANSWER_EDITED, HELP_WANTED, MENTION_WAITING,
        RANK_NEAR, RANK_RISEN, RANK_FALLING, RANK_FALLEN, BADGE, REPLY_APPROVED, REPLY_DECLINED, INVITED, PROGRAMME,
        STAFF_THANKS, IMPACT, REPLY_WAITING, UNANSWERED, SUSPICION,
    )
}  # fmt: skip
