"""Plays one thread through: who replies with what and when, which answer is accepted, who says thanks and who nods."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from random import Random

from forum.sample import small_talk
from forum.sample.content import Issue, SampleComment, SampleReply
from forum.sample.people import PEOPLE, people_who
from forum.sample.schedule import later
from forum.sample.variation import MARK, fill, fitting

_PERSONAL = re.compile(r"\b(I|I'd|my|me|mine|we|our|ours)\b|我", re.IGNORECASE)


class Conversation:
    """The replies of one thread as they come in. What would lie after `now` is never written."""

    def __init__(
        self,
        rng: Random,
        issue: Issue,
        question: int,
        facts: dict[str, str],
        asker: str,
        at: datetime,
        now: datetime,
        stock: dict[str, str],
        *,
        from_sandbox: bool,
    ) -> None:
        self._rng, self._issue, self._question, self._facts = rng, issue, question, facts
        self._asker, self._clock, self._now = asker, at, now
        self._from_sandbox = from_sandbox
        self._stock = stock  # an answer's wording -> who gave it first; nobody else says it in the same words
        self._answer: int | None = None
        self._present = {asker}
        self.replies: list[SampleReply] = []

    def solve(self) -> None:
        """Some talk, the right answer, thanks, and the acceptance."""
        self._talk(asks=0.3, partial=0.4, same=0.3)
        helper = self._say_answer()
        if helper is None:
            return
        answered = len(self.replies) - 1
        if self._chance(0.3):
            self._exchange(self._issue.followups, self._asker, helper)
        thanked = self._chance(0.72) and self._thank()
        self._accept(answered, at_once=thanked)
        if self._chance(0.16):
            self._say(self._customer(), self._small_talk(small_talk.ALSO_WORKED), 3000)

    def leave_open(self) -> None:
        """Replies that do not settle it, or an answer that nobody has accepted yet."""
        self._talk(asks=0.5, partial=0.7, same=0.5)
        if self._chance(0.35):
            self._say_answer()
        elif self._chance(0.5):
            self._say(self._staff(), self._small_talk(small_talk.PROMISES), 400)

    def talk_over(self) -> None:
        """An idea: people say what they think of it, sometimes staff does."""
        texts = fitting(self._issue.partial, self._question)
        for text in self._rng.sample(texts, k=self._rng.randint(0, len(texts))):
            self._say(self._customer(), (text,), 900)
        if self.replies and self._chance(0.4):
            self._say(self._staff(), self._small_talk(small_talk.IDEA_STAFF), 2500)
        self.replies = [self._with_comments(reply, 0.2) for reply in self.replies]

    def _talk(self, *, asks: float, partial: float, same: float) -> None:
        turns = [(asks, self._ask_back), (partial, self._say_partial), (same, self._say_same)]
        self._rng.shuffle(turns)
        for chance, turn in turns:
            if self._chance(chance):
                turn()

    def _ask_back(self) -> None:
        if not self._from_sandbox and (helper := self._helper()) is not None:
            self._exchange(self._issue.asks, helper, self._asker)

    def _say_partial(self) -> None:
        self._say(self._customer(), fitting(self._issue.partial, self._question), 45)

    def _say_same(self) -> None:
        texts = [*fitting(self._issue.same, self._question) * 2, *self._small_talk(small_talk.SAME)]
        self._say(self._customer(), texts, 120)

    def _say_answer(self) -> str | None:
        """A right answer; returns who gave it. What speaks of one's own home is never said by staff."""
        fits = [number for number, text in enumerate(self._issue.answers) if fitting((text,), self._question)]
        self._answer = self._rng.choice(fits)
        text = self._issue.answers[self._answer]
        helper = self._stock.get(text) or self._helper(staff=not _PERSONAL.search(text))
        if helper == self._asker or helper is None or not self._say(helper, (self._framed(text),), 55):
            return None
        self._stock.setdefault(text, helper)
        self.replies[-1] = self._with_comments(replace(self.replies[-1], summary=self._summary()), 0.42)
        return helper

    def _framed(self, text: str) -> str:
        """Sometimes with a word before or after it, as people do who answer often."""
        before, after = small_talk.AROUND_ANSWERS[self._issue.language]
        lot = self._rng.random()
        if lot < 0.28:
            mark = MARK.match(text)
            return self._rng.choice(before) + "\n\n" + text[mark.end() if mark else 0 :]
        return text.rstrip() + "\n\n" + self._rng.choice(after) if lot < 0.5 else text

    def _summary(self) -> str:
        return fill(self._rng, self._issue.summary, self._facts)

    def _exchange(self, pairs: Sequence[tuple[str, str]], first: str, second: str) -> None:
        fits = [pair for pair in pairs if fitting(pair[:1], self._question, self._answer)]
        if not fits:
            return
        said, returned = self._rng.choice(fits)
        if self._say(first, (said,), 25):
            self._say(second, (returned,), 40)

    def _thank(self) -> bool:
        own = fitting(self._issue.thanks, self._question, self._answer)
        general = self._small_talk(small_talk.THANKS)
        return self._say(self._asker, own if own and self._chance(0.6) else general, 200)

    def _accept(self, number: int, *, at_once: bool) -> None:
        by_staff = self._from_sandbox or self._chance(0.18)
        by = self._staff() if by_staff else self._asker
        at = later(self._rng, self._clock, 2 if at_once else 300)
        if by is not None and at < self._now and self.replies[number].author != by:
            self._clock = at
            self.replies[number] = replace(self.replies[number], accepted_at=at, accepted_by=by)

    def _with_comments(self, reply: SampleReply, chance: float) -> SampleReply:
        if not self._chance(chance):
            return reply
        texts = [*fitting(self._issue.comments, self._question, self._answer) * 2]
        if self._issue.kind == "question":
            texts += self._small_talk(small_talk.COMMENTS)
        at = later(self._rng, reply.at, 700)
        by = self._somebody_else(reply.author)
        if not texts or at >= self._now or by is None:
            return reply
        text = fill(self._rng, self._rng.choice(texts), self._facts)
        return replace(reply, comments=(SampleComment(by, text, at),))

    def _say(self, who: str | None, texts: Sequence[str], minutes: float) -> bool:
        """One reply by `who`, if there is somebody, something to say, and time left before now."""
        at = later(self._rng, self._clock, minutes)
        if who is None or not texts or at >= self._now:
            return False
        text = fill(self._rng, self._rng.choice(list(texts)), self._facts)
        self._clock = at
        self._present.add(who)
        self.replies.append(
            SampleReply(who, text, at, accepted_at=None, accepted_by=None, comments=(), kudos_by=(), summary=None)
        )
        return True

    def _helper(self, *, staff: bool = True) -> str | None:
        """Mostly a superfan, sometimes staff or any customer; each writes in one language."""
        lot = self._rng.random()
        if staff and lot < 0.13 and (agent := self._staff()) is not None:
            return agent
        return self._one_of(superfan=True) if lot < 0.9 else self._one_of(superfan=False)

    def _customer(self) -> str | None:
        return self._one_of(superfan=False)

    def _one_of(self, *, superfan: bool) -> str | None:
        people = [one.handle for one in people_who(self._issue.language, superfan=superfan)]
        absent = [handle for handle in people if handle not in self._present]
        if not absent:
            return None
        if superfan:  # the first of them have been at it for longer
            return self._rng.choices(absent, [len(people) + 2 - people.index(handle) for handle in absent])[0]
        return self._rng.choice(absent)

    def _somebody_else(self, author: str) -> str | None:
        """Whoever was there, or another reader of the language."""
        readers = [one.handle for one in people_who(self._issue.language)]
        others = [handle for handle in readers if handle not in {author, self._asker}]
        return self._rng.choice(others) if others else None

    def _staff(self) -> str | None:
        """An agent who writes the language. Traditional Chinese has none of its own; nobody speaks for it."""
        agents = [one.handle for one in people_who(self._issue.language, role="agent")]
        return self._rng.choice(agents) if agents else None

    def _small_talk(self, pool: small_talk.Pool) -> Sequence[str]:
        return small_talk.said(pool, self._issue.language, technical=self._issue.technical)

    def _chance(self, probability: float) -> bool:
        return self._rng.random() < probability


def long_tail(rng: Random, slope: float, most: int, without: set[str]) -> tuple[str, ...]:
    """Mostly nobody or one, now and then many, in no order that says anything."""
    count = int(rng.paretovariate(slope)) - (rng.random() < 0.5)
    if count > most:
        count = rng.randint(most // 2, most)
    people = [person.handle for person in PEOPLE if person.handle not in without]
    return tuple(rng.sample(people, k=max(0, min(count, len(people)))))
