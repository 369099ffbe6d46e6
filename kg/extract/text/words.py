"""Words: the pipeline's tokenizer. LAC by default; pkuseg, characters or an installed spaCy model by name.

pkuseg comes with a small model that learnt LAC's words on the project's own articles (``kg.train.words``).

Whatever cuts the words, their tags and hidden states are LAC's, so that the finders after it read the same; only the cuts
differ. A word of another segmenter takes the tag that LAC gives most of its characters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from kg.errors import UsageError
from kg.extract.text.lac import Encoding, encoder
from kg.extract.text.layout import Layout, lay_out
from kg.extract.text.page import Page, Word
from kg.extract.text.placewords import part_places
from kg.extract.text.quotes import find_quotations
from kg.model import Article
from kg.model.tokenizers import OWN_TOKENIZERS

__all__ = ["SHIPPED", "Words", "bare_pages", "make_page", "make_pages", "segmenter"]

Segment = Callable[[str], list[str]]
"""Cuts one sentence into words that join to it again."""

SHIPPED = Path(__file__).parents[1] / "models" / "pkuseg"
"""The folder of the pkuseg model that comes with the program."""

_UNIVERSAL = {
    "PER": "PROPN", "LOC": "PROPN", "ORG": "PROPN", "nr": "PROPN", "ns": "PROPN", "nt": "PROPN", "nz": "PROPN",
    "nw": "PROPN", "TIME": "NOUN", "n": "NOUN", "f": "NOUN", "s": "NOUN", "t": "NOUN", "vn": "NOUN", "an": "NOUN",
    "v": "VERB", "vd": "VERB", "a": "ADJ", "ad": "ADV", "d": "ADV", "r": "PRON", "m": "NUM", "q": "NOUN", "p": "ADP",
    "c": "CCONJ", "u": "PART", "xc": "PART", "w": "PUNCT",
}  # fmt: skip


class Words:
    """A spaCy tokenizer that makes the page on the way."""

    def __init__(self, vocab: Vocab, name: str = "lac", model: str | None = None) -> None:
        for extension in ("page", "article", "record"):
            if not Doc.has_extension(extension):
                Doc.set_extension(extension, default=None)
        self.vocab = vocab
        self.name, self.model = name, model
        self.segment = segmenter(name, model)

    def __call__(self, text: str) -> Doc:
        layout = lay_out(text, (0, text.find("\n")) if "\n" in text else None)
        (encoding,) = encoder().encode_all([(text, layout.sentences)])
        return self.doc(_page(text, layout, encoding, self.segment))

    def doc(self, page: Page) -> Doc:
        """The spaCy Doc of a page: one token a word, line breaks as tokens of their own, ``tag_`` LAC's, ``pos_`` universal."""
        text, strings = page.text, self.vocab.strings
        words, tags, at = [], [], 0
        for start, end, tag in page.words:
            if start > at:
                words.append(text[at:start])
                tags.append("w")
            words.append(text[start:end])
            tags.append(tag)
            at = end
        if at < len(text):
            words.append(text[at:])
            tags.append("w")
        doc = Doc(self.vocab, words=words, spaces=[False] * len(words))
        # as numbers: for names spaCy takes several times as long
        known = {tag: (strings.add(tag), strings.add(_UNIVERSAL.get(tag, "X"))) for tag in set(tags)}
        space = strings.add("SPACE")
        numbers = [
            (known[tag][0], space) if word.isspace() else known[tag] for word, tag in zip(words, tags, strict=True)
        ]
        annotation: Any = np.array(numbers, np.uint64).reshape(-1, 2)
        doc.from_array(["TAG", "POS"], annotation)
        doc._.page = page
        return doc

    def __reduce__(self) -> tuple[Any, ...]:
        return Words, (self.vocab, self.name, self.model)

    # spaCy asks these of a tokenizer that is saved with its pipeline; the settings are all there is to save
    def to_bytes(self, **_: Any) -> bytes:
        return f"{self.name}\n{self.model or ''}".encode()

    def from_bytes(self, data: bytes, **_: Any) -> Words:
        name, _sep, model = data.decode().partition("\n")
        self.name, self.model = name, model or None
        self.segment = segmenter(self.name, self.model)
        return self

    def to_disk(self, path: str | Path, **_: Any) -> None:
        Path(path).write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, **_: Any) -> Words:
        return self.from_bytes(Path(path).read_bytes())


@spacy.registry.tokenizers("kg.words.v1")
def _create_words(name: str = "lac", model: str | None = None) -> Callable[[Language], Words]:
    """What a saved pipeline's configuration names, so that ``spacy.load`` finds the tokenizer again."""
    return lambda nlp: Words(nlp.vocab, name, model)


def segmenter(name: str, model: str | None) -> Segment | None:
    """The segmenter of a name; None stands for LAC's own words."""
    if name == "lac":
        return None
    if name == "char":
        return list
    if name == "pkuseg":
        return _pkuseg(model)
    try:
        tokenize = spacy.load(name).tokenizer
    except OSError:
        raise UsageError(
            f"no tokenizer named {name!r}",
            where="--tokenizer",
            remedy=f"choose one of {', '.join(OWN_TOKENIZERS)}, or install a spaCy model of that name",
        ) from None
    return lambda sentence: [part for token in tokenize(sentence) for part in (token.text, token.whitespace_) if part]


def _pkuseg(model: str | None) -> Segment:
    import spacy_pkuseg

    try:
        if model and not Path(model).is_dir():  # a name that pkuseg knows it would fetch from the network
            raise NotADirectoryError
        # its dictionary joins words that the shipped model has learnt to part
        cut = spacy_pkuseg.pkuseg(str(model or SHIPPED), user_dict="default" if model else None).cut
    except OSError:  # no folder, or none of a model
        raise UsageError(
            f"no pkuseg model at {model or SHIPPED}",
            where="--tokenizer pkuseg",
            remedy="train one with spacy_pkuseg.train and name its folder (--tokenizer-model)",
        ) from None

    def segment(sentence: str) -> list[str]:
        # pkuseg drops white space: it is put back, so that the words join to the sentence again
        words, at = [], 0
        for word in cut(sentence):
            start = sentence.find(word, at)
            if start > at:
                words.append(sentence[at:start])
            words.append(word)
            at = start + len(word)
        return [*words, sentence[at:]] if at < len(sentence) else words

    return segment


def make_page(article: Article) -> Page:
    """The page of one article with LAC's words."""
    return make_pages([article])[0]


def make_pages(articles: Sequence[Article], segment: Segment | None = None) -> list[Page]:
    """The pages of some articles with their quotations, encoded together."""
    pages = bare_pages(articles, segment)
    for page in pages:
        page.quotations = find_quotations(page.text, page.layout)
    return pages


def bare_pages(articles: Sequence[Article], segment: Segment | None = None) -> list[Page]:
    """The pages of some articles, encoded together, as the tokenizer gives them: the components find the rest."""
    layouts = [lay_out(article.text, article.title_span) for article in articles]
    texts = [(article.text, layout.sentences) for article, layout in zip(articles, layouts, strict=True)]
    pages = []
    for article, layout, encoding in zip(articles, layouts, encoder().encode_all(texts), strict=True):
        page = _page(article.text, layout, encoding, segment)
        page.published, page.publisher = article.published, article.publisher
        pages.append(page)
    return pages


def _page(text: str, layout: Layout, encoding: Encoding, segment: Segment | None) -> Page:
    lac = encoder()
    words: list[Word] = []
    for start, end in layout.sentences:
        if segment is None:
            words += part_places(text, lac.words(encoding, start, end))
        else:
            words += _retagged(encoding, start, segment(text[start:end]))
    return Page(text, layout, words, encoding.hidden)


def _retagged(encoding: Encoding, start: int, pieces: list[str]) -> list[Word]:
    tags = encoder().tags
    words: list[Word] = []
    for piece in pieces:
        end = start + len(piece)
        if piece:
            common = Counter(tags[int(tag)] for tag in np.asarray(encoding.tags[start:end])).most_common(1)
            words.append((start, end, common[0][0]))
        start = end
    return words
