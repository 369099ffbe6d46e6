"""Resolves the places of an article to the administrative tree, by what the article says of where it takes place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kg.knowledge.gazetteer import Gazetteer, Place
from kg.model import Article, ArticleRecord, Region
from kg.resolve.cut_names import longer_place, longer_village
from kg.resolve.evidence import DEPTH, NAMED, Anchor, anchors_of, deepest_base, support
from kg.resolve.former_names import with_former_name
from kg.resolve.lying_in import lying_in
from kg.resolve.mentions import PlaceContext, highest, small
from kg.resolve.name_before import belongs_below, despite
from kg.resolve.place_levels import Finding, abstention, known, region_of
from kg.resolve.place_names import (
    UPPER,
    former_kind,
    level_below,
    level_of,
    of_office,
    split_name,
    without_office,
)
from kg.resolve.place_rules import place_rules
from kg.resolve.surroundings import NamedPlace, surroundings
from kg.resolve.variant_names import renamed_village, respelt_street, short_township

__all__ = ["PlaceResolver"]

_MARGIN = 1.2
"""How many times the second's support the best candidate needs."""
_ADDRESS_CONFIDENCE = {1: 0.97, 2: 0.97, 3: 0.88}
"""By how many levels lie between a place and the one named before it: the more, the likelier a namesake that no list
has (0.7 over three)."""
_UNKNOWN_CONFIDENCE = {1: 0.5, 2: 0.7, 3: 0.85, 4: 0.85, 5: 0.5}
"""By the level of the place below which one that no list has is put."""
_ZONE_STREET_CONFIDENCE = 0.85
"""Of a street named behind a development zone, found in a district of the zone's city."""
_BEGUN_CONFIDENCE = 0.95
"""Where the name behind lies in one place of the name only (西湖区翠苑街道)."""


class PlaceResolver:
    """Finds the path of a place's name in an article; abstains, and says why, where that stays open.

    >>> gazetteer = Gazetteer.load()
    >>> context = PlaceContext("双福街道举办福课堂。", gazetteer, publisher="江津融媒体中心")
    >>> PlaceResolver(gazetteer).resolve("双福街道", context=context).path
    ('重庆市', '江津区', '双福街道')
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer

    def resolve(self, name: str, *, context: PlaceContext, start: int | None = None) -> Region:
        """The region of a name as the text has it.

        ``start`` is where the name stands, in code points of the context's text; without it every place where the text
        has the name counts. The region's ``path`` is None where several places fit equally or none is named, with a
        ``note`` that says so. The article's own words outweigh the gazetteer: a community that the gazetteer does not
        have is put, under its own name, below the places that the article names.
        """
        positions = [start] if start is not None else context.occurrences(name)
        parts = split_name(name, self.gazetteer)
        own, places = parts.own, self._candidates(parts.own)
        longer = None if places or parts.above else longer_place(name, context, positions)
        if longer:
            return self._cut(name, longer, context, start)
        here = [at for at in positions if parts.above or not context.after_abroad(at)]
        if positions and not here and small(places):
            finding = abstention(own, "it stands after a place abroad")
        else:
            named = surroundings(name, parts, places, context, here)
            finding = with_former_name(own, self._find(named, anchors_of(context, name, positions)), self.gazetteer)
        if finding.known and finding.own == name and finding.level == "village":
            longer = longer_village(name, finding.known[-1], context, positions)
            if longer:
                return self._cut(name, longer, context, start)
        span = (positions[0], positions[0] + len(name)) if positions else None
        return region_of(name, span, finding, context, parts.at)

    def _cut(self, name: str, longer: str, context: PlaceContext, start: int | None) -> Region:
        """The region of a name of which the text has more."""
        missing = len(longer) - len(name)
        region = self.resolve(longer, context=context, start=None if start is None else start - missing)
        at = None if region.start is None else region.start + missing
        note = f"the text has {longer}" + (f"; {region.note}" if region.note else "")
        return region.model_copy(update={"name": name, "start": at, "note": note})

    def resolve_record(self, record: ArticleRecord, article: Article) -> ArticleRecord:
        """The record with ``regions``: one for each name that its practices give as region, as the text has them.

        Where the article puts places of one name below different ones (南京市鼓楼区 and 徐州市鼓楼区), there is one for
        each place where a practice has the name.
        """
        context = PlaceContext.of(article, self.gazetteer)
        found: dict[str, set[int]] = {}
        for practice in record.practices:
            if practice.region is not None:
                found.setdefault(practice.region.text, set()).add(practice.region.start)
        regions = []
        for name, starts in sorted(found.items(), key=lambda item: (min(item[1]), item[0])):
            # one alone can lie nowhere else: it is resolved by all that the text says of the name
            here = [self.resolve(name, context=context, start=at) for at in sorted(starts)] if len(starts) > 1 else []
            if len({region.path for region in here if region.rule == "place.address"}) > 1:
                regions += here
                continue
            region = self.resolve(name, context=context)
            if region.start is None:
                region = region.model_copy(update={"start": min(starts), "end": min(starts) + len(name)})
            regions.append(region)
        return record.model_copy(update={"regions": tuple(regions)})

    # --- choosing --------------------------------------------------------------------------------------------------

    def _find(self, named: NamedPlace, anchors: Sequence[Anchor]) -> Finding:
        """The place: in those named before it; else by context, unless what is named behind it lies in another."""
        inside = lying_in(named.places, named.above, self.gazetteer)
        if inside:
            return self._inside(named, inside, anchors)
        if named.above and belongs_below(named, self.gazetteer) and not named.begun:
            return self._not_listed(named, anchors)
        finding = self._by_context(named.own, named.places, anchors)
        if named.begun and (finding.own or not finding.known or finding.known[-1] not in named.begun):
            return self._pick(named.own, named.begun, anchors, "place.address", _BEGUN_CONFIDENCE)
        return despite(finding, named, self.gazetteer) if named.above else finding

    def _inside(self, named: NamedPlace, inside: Sequence[Place], anchors: Sequence[Anchor]) -> Finding:
        """One of the places of the name that lie in those named before it."""
        gap = max(DEPTH[place.level] for place in inside) - DEPTH[named.above[0].level]
        confidence = _ADDRESS_CONFIDENCE.get(gap, 0.7)
        if named.above[0].level == "zone" and not self.gazetteer.below(inside, named.above):
            confidence = _ZONE_STREET_CONFIDENCE
        begun = [place for place in inside if place in named.begun]
        return self._pick(named.own, begun or inside, anchors, "place.address", confidence)

    def _not_listed(self, named: NamedPlace, anchors: Sequence[Anchor]) -> Finding:
        """A place of this name below those named before it, where no list has one."""
        own, above = named.own, named.above
        if named.places and own in place_rules()["ordinary_counties"]:
            return abstention(own, f"no list has it below {above[0].name}, and it is a word as well")
        base = above[0] if len(above) == 1 else self._best(above, anchors)
        if base is None:
            return self._by_context(own, named.places, anchors)
        found = (
            renamed_village(own, [base], self.gazetteer)
            or short_township(own, [base], self.gazetteer)
            or respelt_street(own, base, self.gazetteer)
        )
        return found or self._unknown(own, base, "place.address", _UNKNOWN_CONFIDENCE[DEPTH[base.level]])

    def _by_context(self, own: str, places: Sequence[Place], anchors: Sequence[Anchor]) -> Finding:
        """The place of this name that the article's other places speak for."""
        level = level_of(own)
        if places and level != "village":
            return self._pick_upper(own, places, anchors)
        if level is None:
            near = [anchor.place for anchor in anchors if anchor.closeness >= NAMED]
            return short_township(own, near, self.gazetteer) or abstention(own, "no list of places has this name")
        inside = [place for place in places if self._fits(place, anchors)]
        if inside:
            return self._pick(own, inside, anchors, "place.context", 0.9)
        base = deepest_base(anchors, level, self.gazetteer)
        if base is None:
            if len(places) == 1 and self.gazetteer.own(own):
                return self._known(places[0], "place.unique", 0.75)
            return abstention(own, "the article names no place above it")
        renamed = (
            renamed_village(own, [base.place], self.gazetteer) if DEPTH[base.place.level] >= DEPTH["county"] else None
        )
        return renamed or self._unknown(own, base.place, "place.context", 0.7 if base.closeness >= NAMED else 0.5)

    def _pick_upper(self, own: str, places: Sequence[Place], anchors: Sequence[Anchor]) -> Finding:
        """One of the provinces to townships of this name."""
        exact = [place for place in places if place.name == own] or list(places)
        provinces = [place for place in exact if place.level == "province"]
        if len(provinces) == 1:
            return self._known(provinces[0], "place.province", 0.95)  # 河北 is the province, 河北区 says so
        if len(exact) == 1:
            return self._only(own, exact[0], anchors)
        best = self._best(exact, anchors)
        if best is not None:
            return self._known(best, "place.context", 0.9)
        top = highest(exact)
        if len(top) == 1 and DEPTH[top[0].level] <= DEPTH["prefecture"]:
            return self._known(top[0], "place.highest", 0.8)
        return abstention(own, f"{len(exact)} places have this name and the article does not say which is meant")

    def _only(self, own: str, place: Place, anchors: Sequence[Anchor]) -> Finding:
        """The one place of this name, unless it is a small one far from all that the article names."""
        small = place.level in ("township", "zone", "village")
        if not small or not anchors or self._near(place, anchors):
            if place.level in ("township", "village") and not anchors:
                return self._known(place, "place.unique", 0.75)
            return self._known(place, "place.unique", 0.95 if place.name == own else 0.9)
        base = deepest_base(anchors, place.level, self.gazetteer)
        if base is None or base.closeness < NAMED or DEPTH[base.place.level] < DEPTH["prefecture"]:
            return self._known(place, "place.unique", 0.6)
        elsewhere = "/".join(self.gazetteer.names(place)[:-1])
        note = f"the lists have {own} only in {elsewhere}, far from the article's places"
        return self._unknown(own, base.place, "place.context", 0.5)._replace(note=note)

    def _pick(
        self, own: str, places: Sequence[Place], anchors: Sequence[Anchor], rule: str, confidence: float
    ) -> Finding:
        """One of several places below what the article names; where it stays open, only what they have in common."""
        if level_of(own) != "village":  # 新疆乌鲁木齐 is the city, not the county of that name
            places = [place for place in places if place.name == own] or highest(places)
        if len(places) == 1:
            return self._known(places[0], rule, confidence)
        best = self._best(places, anchors)
        if best is not None:
            return self._known(best, rule, confidence - 0.07)
        top = highest(places)
        if len(top) == 1:
            return self._known(top[0], rule, confidence - 0.1)
        street = self._one_street(top)
        if street is not None:
            note = "the lists have it in two districts of the city"
            return self._known(street, rule, confidence - 0.2)._replace(note=note)
        shared = self._shared(places)
        if not shared or level_of(own) != "village":
            return abstention(own, f"{len(places)} places have this name and the article does not say which is meant")
        note = f"{len(places)} places of this name lie in {shared[-1].name}; the levels between are left out"
        confidence = 0.75 if len(shared) > 1 else 0.5
        return Finding(tuple(shared), own, "village", rule, confidence, note)

    def _best(self, places: Sequence[Place], anchors: Sequence[Anchor]) -> Place | None:
        """The place that the anchors support clearly more than any other; None where there is none."""
        scored = sorted(((support(place, anchors, self.gazetteer), -place.id, place) for place in places), reverse=True)
        best, second = scored[0][0], scored[1][0] if len(scored) > 1 else 0.0
        return scored[0][2] if best > 0 and best >= _MARGIN * second else None

    # --- small questions ---------------------------------------------------------------------------------------------

    def _candidates(self, own: str) -> list[Place]:
        """The places of the level that the name's ending says; a researcher's own are asked for by any name."""
        level = level_of(own)
        places = self.gazetteer.candidates(own, None if level == "village" else UPPER)
        for street in () if places else of_office(own):
            places += self.gazetteer.candidates(street, ("township",))
        places = places or former_kind(own, self.gazetteer)
        kept = [place for place in places if place.level == "village" or level != "village" or place.name == own]
        return kept + [place for place in self.gazetteer.own(own) if place not in kept]

    def _fits(self, place: Place, anchors: Sequence[Anchor]) -> bool:
        """Whether the place lies in a place that the article names, and not beside a narrower one that it means.

        An article that names 山东 and, near by or in its title, 菏泽 means no village of another city of 山东.
        """
        holding = [a for a in anchors if a.place.id != place.id and self.gazetteer.lies_in(place, a.place)]
        strongest = max((a.weight for a in anchors if DEPTH[a.place.level] < DEPTH[place.level]), default=0.0)
        if not holding or max(a.weight for a in holding) < 0.5 * strongest:
            return False
        deepest = max(holding, key=lambda anchor: DEPTH[anchor.place.level])
        return not any(
            anchor.closeness >= NAMED
            and anchor.closeness >= deepest.closeness
            and DEPTH[anchor.place.level] > DEPTH[deepest.place.level]
            and self.gazetteer.lies_in(anchor.place, deepest.place)
            for anchor in anchors
            if DEPTH[anchor.place.level] < DEPTH[place.level]
        )

    def _one_street(self, places: Sequence[Place]) -> Place | None:
        """A street that each list has in another district of one city (there are 23): the bureau's, which has its villages."""
        by_lists = {tuple(code.source for code in place.codes): place for place in places}
        shared = self._shared(places)[-1:]
        if set(by_lists) != {("nbs",), ("mca",)} or len(places) != 2 or not shared or shared[0].level != "prefecture":
            return None
        return by_lists["nbs",]

    def _near(self, place: Place, anchors: Iterable[Anchor]) -> bool:
        """Whether an anchor lies in the same prefecture (or, where there is none, province), or above the place."""
        path = self.gazetteer.path(place)
        frame = path[1] if len(path) > 2 else path[0]
        return any(self.gazetteer.lies_in(a.place, frame) or self.gazetteer.lies_in(place, a.place) for a in anchors)

    def _shared(self, places: Sequence[Place]) -> list[Place]:
        """The places above all of these."""
        paths = [self.gazetteer.path(place)[:-1] for place in places]
        return [steps[0] for steps in zip(*paths, strict=False) if len({step.id for step in steps}) == 1]

    def _known(self, place: Place, rule: str, confidence: float) -> Finding:
        return known(place, rule, confidence, self.gazetteer)

    def _unknown(self, own: str, base: Place, rule: str, confidence: float) -> Finding:
        note = f"no list has it below {base.name}; its upper levels are those that the article names"
        known = self.gazetteer.path(base)
        return Finding(known, without_office(own), level_below(own, base.level), rule, confidence, note)
