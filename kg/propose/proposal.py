"""What a model is asked to return: the record's fields as strings of the article, without spans (models cannot count)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Proposal", "ProposedDate", "ProposedOutcome", "ProposedPractice", "schema"]


class _Strict(BaseModel):
    """All fields are there and no others, which is what "strict" structured output asks of a schema."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ProposedOutcome(_Strict):
    """A figure that the practice reached or is to reach."""

    text: str = Field(description="the clause that reports the figure, word for word")
    value: float = Field(allow_inf_nan=False, description="the figure as a plain number: 1.2万 is 12000")
    unit: str = Field(description="the measure word that stands after the figure: 人次, 期, 册, 个")
    what: str | None = Field(description="what is counted, word for word from the clause")
    modality: Literal["achieved", "planned", "quoted"]


class ProposedDate(_Strict):
    """When the practice began, was held, or returns."""

    text: str = Field(description="the date, word for word")
    role: Literal["start", "held", "opened", "period", "recurrence"]


class ProposedPractice(_Strict):
    """One practice; all strings are copied from the article."""

    programme: str = Field(description="its proper name, or the shortest phrase of the article that tells it apart")
    named: bool = Field(description="whether it has a name of its own")
    region: str | None = Field(description="the narrowest place that carries it out, as the article writes it")
    part_of: str | None = Field(description="programme of another practice of this list that it is a part of")
    formats: list[str] = Field(description="how it is delivered")
    audiences: list[str] = Field(description="whom it is for")
    topics: list[str] = Field(description="what it is about")
    organisers: list[str] = Field(description="who runs it")
    partners: list[str] = Field(description="who helps")
    venues: list[str] = Field(description="physical places where it is held")
    channels: list[str] = Field(description="media through which it is held")
    outcomes: list[ProposedOutcome]
    dates: list[ProposedDate]
    planned: bool = Field(description="true if the article only announces it")


class Proposal(_Strict):
    """All practices of an article, in its order; none where it tells of none."""

    practices: list[ProposedPractice]


def schema() -> dict[str, Any]:
    """The JSON schema of a proposal, in the part of the language that structured output takes everywhere.

    >>> sorted(schema()["required"]), schema()["additionalProperties"]
    (['practices'], False)
    """
    plain: dict[str, Any] = _untitled(Proposal.model_json_schema())
    return plain


def _untitled(node: Any) -> Any:
    """Without the titles and class docstrings that pydantic adds: they cost tokens and say nothing."""
    if isinstance(node, list):
        return [_untitled(one) for one in node]
    if not isinstance(node, dict):
        return node
    about = node.get("type") == "object"
    return {
        key: _untitled(value)
        for key, value in node.items()
        if not (key == "title" and isinstance(value, str)) and not (key == "description" and about)
    }
