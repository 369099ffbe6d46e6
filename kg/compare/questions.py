"""The comparisons as questions to an opened graph: each answer can show its sentences."""

from __future__ import annotations

from typing import Unpack

from kg.compare.answering import Answering, Names, flat, given
from kg.compare.column_copy.selection import Limited, Selection
from kg.compare.contrast import contrast
from kg.compare.coverage import coverage
from kg.compare.families import MIN_SIMILARITY, families
from kg.compare.outcomes import outcomes
from kg.compare.result import Comparison
from kg.compare.shared import shared_features
from kg.compare.signatures import checked
from kg.compare.similar import similar_practices
from kg.compare.spread import PERMUTATIONS, spread
from kg.query.arguments import one_name

__all__ = ["Questions"]


class Questions(Answering):
    """What ``kg.compare.ComparedGraph`` can be asked of all practices at once.

    Every answer is a ``Comparison``: a data frame in ``frame``, ``notes`` on what it rests on, ``figures`` of the answer as
    a whole, ``evidence(row)`` for the sentences of a row, ``text()`` for a terminal. Every question takes the limits of
    ``column_copy.selection.Limited``. Dates are written 2024, "2024-06" or "2024-06-30", or are those of datetime and
    pandas.

    Every question raises UsageError for an option that it does not have, for a name that nothing bears (with those most
    like it) or several things bear (with their IRIs), and for a number out of its range.
    """

    @checked
    def shared(
        self,
        *,
        across: str = "province",
        min_regions: int = 2,
        features: Names | None = None,
        combine: int = 1,
        exact: bool = False,
        min_articles: int = 2,
        correction: str = "by",
        max_q: float | None = None,
        top: int | None = None,
        **limits: Unpack[Limited],
    ) -> Comparison:
        """Features that practices of several regions share, against chance: the widest spread first.

        Columns: ``feature`` (labels, joined by " + "), ``kind``, ``regions``, ``practices`` and ``articles`` (numbers),
        ``expected`` (by chance: regions; of combinations, practices), ``lift`` (counted / expected), ``p``, ``q`` (0 to 1),
        and as tuples ``region_names``, ``practice_names``, ``concept_iris``, ``practice_iris``. How they are counted:
        ``kg.compare.shared.shared_features``.

        Parameters
        ----------
        across : province, prefecture (or city), county or township: where two places count as different.
        min_regions, min_articles : that must have the feature, and tell of it; reposts are not counted.
        features : kinds to compare by: format, audience, topic, organiser; None for all.
        combine : 1; 2 or 3 for features that one practice has together.
        exact : a narrower concept does not count for the broader one.
        correction : "by" (Benjamini-Yekutieli) or "bh" (Benjamini-Hochberg, for independent tests).
        max_q : only what is significant at this share of false discoveries, above 0 and up to 1.
        top : rows at most; None for all.
        limits : ``stated_only`` leaves out what was inferred, ``min_confidence`` (0 to 1) what is less sure, ``as_of`` later
            articles, ``since`` and ``until`` practices dated elsewhen, ``region`` (a place, or several) those elsewhere.
        """
        own = given(features=features)
        own |= {"across": across, "min_regions": min_regions, "combine": combine, "exact": exact, "top": top}
        own |= {"min_articles": min_articles, "correction": correction, "max_q": max_q}
        return self._answer(shared_features, (), own, Selection.of(**limits))

    @checked
    def similar(
        self,
        said: str,
        *,
        across: str = "province",
        top: int | None = 10,
        features: Names | None = None,
        everywhere: bool = False,
        **limits: Unpack[Limited],
    ) -> Comparison:
        """The practices nearest to one, or to a description (夜校 for 网格员 about 反诈), the most similar first.

        Columns: ``practice`` (IRI), ``label``, ``region`` (path), ``similarity`` (above 0, up to 1), and as tuples what both
        have: ``features``, ``kinds``, ``feature_practices`` (how many practices have each), ``concept_iris``, ``shared``
        (as a reader sees it). The measure: ``kg.compare.similar``.

        Parameters
        ----------
        said : label or IRI of a practice, or a description of one.
        across : practices of the same place at this level are no answers (see ``shared``), unless ``everywhere``.
        top : rows at most; None for all.
        features : kinds to compare by; None for format, audience and topic.
        limits : ``stated_only``, ``min_confidence`` and ``as_of`` as for ``shared``; ``since``, ``until`` and ``region`` limit
            the answers, not the practice that is asked about.
        """
        wanted = Selection.of(**limits)
        own = given(features=features) | {"across": across, "top": top, "everywhere": everywhere}
        own["among"] = self.columns.within(wanted).practices.kept
        sure = Selection(wanted.stated_only, wanted.min_confidence, wanted.as_of)
        return self._answer(similar_practices, (one_name(said, "practice"),), own, sure, told=wanted)

    @checked
    def families(
        self,
        *,
        across: str = "province",
        min_members: int = 3,
        min_regions: int = 2,
        min_similarity: float = MIN_SIMILARITY,
        resamples: int = 10,
        shuffles: int = 19,
        seed: int = 0,
        features: Names | None = None,
        top: int | None = None,
        **limits: Unpack[Limited],
    ) -> Comparison:
        """Groups of practices across regions that are variants of one idea, the largest first.

        Columns: ``family`` (its typical features), ``typical`` (label of the member most similar to the others), ``members``
        and ``regions`` (numbers), ``first`` (ISO day), ``stability`` and ``chance`` (0 to 1, None where they were left out),
        as tuples ``features`` with ``shares`` and ``member_iris``; ``typical_iri``. How they are found: ``kg.compare.families``.

        Parameters
        ----------
        across : where two places count as different (see ``shared``).
        min_members, min_regions : of a family; at least 2 members.
        min_similarity : from which two practices are joined, above 0 and up to 1.
        resamples : random parts on which stability is measured; 0 leaves it out.
        shuffles : that a family is held against; 0 leaves ``chance`` out. Each costs as much as the grouping itself.
        seed : of resamples and shuffles; the same gives the same answer.
        features : kinds to compare by; None for format, audience and topic.
        top : rows at most; None for all.
        limits : ``stated_only``, ``min_confidence``, ``as_of``, ``since``, ``until``, ``region``, as for ``shared``.
        """
        own = given(features=features)
        own |= {"across": across, "min_members": min_members, "min_regions": min_regions, "top": top, "seed": seed}
        own |= {"min_similarity": min_similarity, "resamples": resamples, "shuffles": shuffles}
        return self._answer(families, (), own, Selection.of(**limits))

    @checked
    def spread(
        self,
        *words: str,
        across: str = "province",
        features: Names | None = None,
        practices: Names | None = None,
        exact: bool = False,
        seed: int = 0,
        permutations: int = PERMUTATIONS,
        **limits: Unpack[Limited],
    ) -> Comparison:
        """When each region first shows these features, by dates that articles state, the earliest first.

        Columns: ``order`` (ties share the lower number), ``region`` (path), ``first`` and ``latest`` (ISO days: the first and
        the last that the words may mean), ``days`` (since the first region), ``practice``, ``practices`` (dated ones),
        ``undated``, ``practice_iri``. ``figures`` has the speed and the tests: ``kg.compare.spread``.

        Parameters
        ----------
        words : names of features: practices that have all of them.
        across : what a row is (see ``shared``).
        features : kinds that the words are looked for among; None for all.
        practices : these only, by IRI or label: a family, the answer of another question. Then no word is needed.
        exact : narrower concepts do not count.
        seed, permutations : of the tests; the same seed gives the same p.
        limits : ``stated_only``, ``min_confidence``, ``as_of``, ``since``, ``until``, ``region``, as for ``shared``.
        """
        own = given(features=features, practices=practices)
        own |= {
            "across": across,
            "exact": exact,
            "seed": seed,
            "permutations": permutations,
            "refused": self._refused(),
        }
        return self._answer(spread, flat(words), own, Selection.of(**limits))

    @checked
    def contrast(
        self,
        one: str,
        other: str,
        *,
        features: Names | None = None,
        exact: bool = False,
        min_practices: int = 5,
        correction: str = "by",
        max_q: float | None = None,
        top: int | None = None,
        **limits: Unpack[Limited],
    ) -> Comparison:
        """What two places, periods or levels do differently, the largest difference against its error first.

        Columns: ``feature``, ``kind``, ``count_1``, ``of_1``, ``share_1``, ``low_1``, ``high_1`` (of the first side: practices,
        and their share, 0 to 1, with its interval of 95 %), the same with ``_2``, ``difference`` with ``difference_low`` and
        ``difference_high``, ``p``, ``q`` (0 to 1), ``concept_iri``. The tests: ``kg.compare.contrast``.

        Parameters
        ----------
        one, other : two of one sort: a place (四川省), a period (2021, 2020-03..2022, ..2019), a level (county).
        features : kinds to compare by; None for all, but organisers where levels are contrasted.
        exact : narrower concepts do not count for broader ones.
        min_practices : of both sides together that a feature needs to be tested.
        correction, max_q, top : as for ``shared``.
        limits : ``stated_only``, ``min_confidence``, ``as_of``, ``since``, ``until``, ``region``, as for ``shared``.
        """
        sides = (one_name(one, "contrast"), one_name(other, "contrast"))
        own = given(features=features) | {"exact": exact, "min_practices": min_practices}
        own |= {"correction": correction, "max_q": max_q, "top": top}
        return self._answer(contrast, sides, own, Selection.of(**limits))

    @checked
    def outcomes(
        self,
        *words: str,
        features: Names | None = None,
        practices: Names | None = None,
        exact: bool = False,
        unit: str | None = None,
        min_figures: int = 1,
        top: int | None = None,
        **limits: Unpack[Limited],
    ) -> Comparison:
        """Medians and quartiles of the figures that practices with these features report, the most figures first.

        Columns: ``unit``, ``of`` (what is counted), ``scope`` (total, or each time), ``modality`` (achieved, planned …),
        ``figures``, ``practices`` and ``articles`` (numbers), ``comparable``, ``median``, ``lower``, ``upper``, ``least``,
        ``most`` (in the row's unit), ``bounds``, and as tuples ``values`` and ``practice_names``. Which figures are
        comparable: ``kg.compare.outcomes``.

        Parameters
        ----------
        words : names of features: practices that have all of them; none for all practices.
        features : kinds that the words are looked for among; None for all.
        practices : these only, by IRI or label.
        exact : narrower concepts do not count.
        unit : figures of this unit only (人次).
        min_figures : rows of fewer figures are left out.
        top : rows at most; None for all.
        limits : ``stated_only``, ``min_confidence``, ``as_of``, ``since``, ``until``, ``region``, as for ``shared``.
        """
        own = given(features=features, practices=practices)
        own |= {"exact": exact, "unit": unit, "min_figures": min_figures, "top": top, "quoted": self._quoted}
        return self._answer(outcomes, flat(words), own, Selection.of(**limits))

    @checked
    def coverage(
        self,
        *words: str,
        by: str = "region",
        across: str = "province",
        features: Names | None = None,
        practices: Names | None = None,
        exact: bool = False,
        **limits: Unpack[Limited],
    ) -> Comparison:
        """The articles, sources, regions and years behind all practices, or behind those with these features.

        Columns: ``part``, ``practices``, ``articles``, ``reposts`` (not counted), ``sources`` (numbers), ``first`` and ``last``
        (ISO days of publication), ``share`` (of the articles, 0 to 1). ``figures`` has the totals:
        ``kg.compare.coverage.Behind``.

        Parameters
        ----------
        words : names of features: practices that have all of them; none for all practices.
        by : what a row is: region, source or year.
        across : which regions (see ``shared``).
        features : kinds that the words are looked for among; None for all.
        practices : these only, by IRI or label.
        exact : narrower concepts do not count.
        limits : ``stated_only``, ``min_confidence``, ``as_of``, ``since``, ``until``, ``region``, as for ``shared``.
        """
        own = given(features=features, practices=practices) | {"by": by, "across": across, "exact": exact}
        return self._answer(coverage, flat(words), own, Selection.of(**limits))
