"""A language model behind an API proposes records; what its words do not have in the article is refused.

Beside the stations, never the default: ``estimate`` what it costs, ``ask`` the model (the only part that uses the network),
then ``proposer`` makes records of what it answered, offline, as often as you like.
"""

from kg.propose.answers import Answer, Answers
from kg.propose.asking import Asked, ask
from kg.propose.client import ModelApi
from kg.propose.estimate import Estimate, estimate
from kg.propose.records import Proposer
from kg.propose.request import Question, question

__all__ = ["Answer", "Answers", "Asked", "Estimate", "ModelApi", "Proposer", "Question", "ask", "estimate", "question"]
