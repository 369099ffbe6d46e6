"""Answers that are kept: one file each, named by the hash of the question, so that nothing is paid for twice."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from kg.errors import UsageError
from kg.propose.proposal import Proposal
from kg.propose.request import Question

__all__ = ["Answer", "Answers"]


@dataclass(frozen=True)
class Answer:
    """What a model said of one article."""

    proposal: Proposal
    model: str
    """Its name as the server tells it, which may say more than the one that was asked for."""
    tokens_in: int | None = None
    """As the server counts them, if it does."""
    tokens_out: int | None = None


class Answers:
    """A folder of answers, for people to read as well; a file that is damaged is no answer, and is asked for again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, question: Question) -> Answer | None:
        """The answer to a question, be it kept under a key of earlier; None where there is none."""
        found = (self._read(key) for key in (question.key, *question.earlier))
        return next((answer for answer in found if answer is not None), None)

    def _read(self, key: str) -> Answer | None:
        try:
            plain = json.loads(self._path(key).read_text(encoding="utf-8"))
            return Answer(
                Proposal.model_validate(plain["answer"]), plain["model"], plain["tokens_in"], plain["tokens_out"]
            )
        except (OSError, ValueError, KeyError, TypeError, ValidationError):
            return None

    def make(self) -> None:
        """Make the folder; raises UsageError where nothing can be written to it (before anything is paid for)."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.folder):
                pass
        except OSError as error:
            what = f"answers cannot be kept there ({error.strerror})"
            raise UsageError(what, where=str(self.folder), remedy="name another folder: --model-answers DIR") from None

    def __contains__(self, question: Question) -> bool:
        return self.get(question) is not None

    def put(self, question: Question, answer: Answer) -> None:
        """Keep an answer; it is there whole or not at all."""
        path = self._path(question.key)
        path.parent.mkdir(parents=True, exist_ok=True)
        plain = {
            "file": question.file,
            "model": answer.model,
            "tokens_in": answer.tokens_in,
            "tokens_out": answer.tokens_out,
            "answer": answer.proposal.model_dump(mode="json"),
        }
        content = (json.dumps(plain, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
        partial = path.with_suffix(f".{os.getpid()}.part")
        try:
            partial.write_bytes(content)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)  # of a full disk: what was replaced is not there any more

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.json"
