"""What is wrong with a formula, and where."""

from __future__ import annotations

from forum.kernel.errors import ForumError
from forum.kernel.messages import Message


class FormulaError(ForumError):
    """`at` counts characters (code points) of the text from 0; a `length` of 0 says that something is missing there."""

    status = 422

    def __init__(self, message: Message, at: int, length: int) -> None:
        super().__init__(message)
        self.at = at
        self.length = length
