"""The gazetteer: places by name, by path, within another place, and in running text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path

from kg.knowledge.gazetteer.additions import with_additions
from kg.knowledge.gazetteer.extra import ExtraPlace, read_extra
from kg.knowledge.gazetteer.extra_checks import check_code, check_level, no_parent
from kg.knowledge.gazetteer.finder import NameFinder
from kg.knowledge.gazetteer.former import former_names, with_former
from kg.knowledge.gazetteer.names import short_forms
from kg.knowledge.gazetteer.place import LEVELS, Code, Place, PlaceMatch
from kg.knowledge.gazetteer.table import UpperRow, Villages, read_uppers, read_villages_table

__all__ = ["Gazetteer"]

_YEARS = {"nbs": 2023, "mca": 2025}
_TOWNSHIP_KINDS = ("街道", "镇", "乡", "苏木", "地区", "农场", "林场", "牧场")
_GENERIC_ENDS = ("开发区", "园区", "工业园", "产业园", "管理区", "示范区", "高新区", "新区", "保税区", "社区")
_EXTRA_IDS = 10_000_000
"""Ids of a researcher's own places begin here; villages lie between them and the places above."""


class Gazetteer:
    """All places of one load; made by ``Gazetteer.load``.

    >>> gazetteer = Gazetteer.load()
    >>> [place.name for place in gazetteer.path(gazetteer.candidates("包河")[0])]
    ['安徽省', '合肥市', '包河区']
    >>> [match.name for match in gazetteer.find("浙江杭州上城区小营街道的居民")]
    ['浙江', '杭州', '上城区', '小营街道']
    """

    def __init__(self, uppers: list[UpperRow], extra: Iterable[ExtraPlace] = (), *, where: str = "") -> None:
        self._uppers = uppers
        self._children: dict[int, list[int]] = defaultdict(list)
        for number, row in enumerate(uppers):
            if row.parent is not None:
                self._children[row.parent].append(number)
        self._extra: dict[int, Place] = {}
        self._added_codes: dict[int, tuple[Code, ...]] = defaultdict(tuple)
        self._added_aliases: dict[int, tuple[str, ...]] = defaultdict(tuple)
        self._extra_by_name: dict[str, list[int]] = defaultdict(list)
        self._places: dict[int, Place] = {}
        self._index()
        for place in extra:
            self._add(place, where)

    @classmethod
    def load(cls, extra: Path | None = None) -> Gazetteer:
        """The gazetteer that the package ships, with a researcher's own places (``extra``, see ``read_extra``).

        Some 0.3 s; the villages are read when the first one is asked for (some 0.5 s more). Without ``extra`` the
        second call returns the same object. Raises ``UsageError`` where a row of ``extra`` is wrong.
        """
        if extra is None:
            return _shipped()
        return cls(_shipped_uppers(), read_extra(Path(extra)), where=str(extra))

    # --- the tree -----------------------------------------------------------------------------------------------

    def place(self, number: int) -> Place:
        """The place of an id of this gazetteer. Raises ``KeyError`` where there is none."""
        found = self._places.get(number)
        if found is None:
            found = self._places[number] = self._make(number)
        return found

    def path(self, place: Place) -> tuple[Place, ...]:
        """The place with all above it, province first."""
        steps = [place]
        while steps[-1].parent is not None:
            steps.append(self.place(steps[-1].parent))
        return tuple(reversed(steps))

    def names(self, place: Place) -> tuple[str, ...]:
        """The official names of ``path``: 安徽省, 合肥市, 包河区."""
        return tuple(step.name for step in self.path(place))

    def lies_in(self, place: Place, ancestor: Place) -> bool:
        """Whether ``place`` is ``ancestor`` or lies in it."""
        number: int | None = place.id
        while number is not None:
            if number == ancestor.id:
                return True
            number = self.place(number).parent
        return False

    def below(self, places: Iterable[Place], above: Collection[Place]) -> list[Place]:
        """Those of some places that lie in one of the others, without being it.

        >>> gazetteer = Gazetteer.load()
        >>> [place.name for place in gazetteer.below(gazetteer.candidates("桥西区"), gazetteer.candidates("石家庄"))]
        ['桥西区']
        """
        return [
            place for place in places if any(place.id != upper.id and self.lies_in(place, upper) for upper in above)
        ]

    def children(self, place: Place) -> list[Place]:
        """The places directly below, villages among them."""
        numbers = list(self._children.get(place.id, ()))
        if place.id < len(self._uppers) and place.level in ("township", "zone", "county"):
            base = len(self._uppers)
            numbers += [base + index for index in self._villages.of(place.id)]
        return [self.place(number) for number in numbers]

    def by_path(self, names: Iterable[str]) -> Place | None:
        """The place of a path of official names from the province down; None where there is none.

        >>> Gazetteer.load().by_path(["重庆市", "江津区", "双福街道"]).level
        'township'
        """
        wanted = tuple(names)
        if not wanted:
            return None
        for place in self.candidates(wanted[-1]):
            if self.names(place) == wanted:
                return place
        return None

    # --- names --------------------------------------------------------------------------------------------------

    def candidates(self, name: str, levels: Collection[str] | None = None) -> list[Place]:
        """The places of an official name, an alias or a short form; official names first, then from the top down.

        ``levels`` restricts the levels; a call that leaves villages out is cheaper.
        """
        numbers = list(self._official.get(name, ()))
        numbers += [number for number in self._short.get(name, ()) if number not in numbers]
        numbers += [number for number in self._extra_by_name.get(name, ()) if number not in numbers]
        if levels is None or "village" in levels:
            base = len(self._uppers)
            numbers += [base + index for index in self._villages.named(name)]
        places = [self.place(number) for number in numbers]
        return places if levels is None else [place for place in places if place.level in levels]

    def own(self, name: str) -> list[Place]:
        """The places of any level to which a researcher's file gives this name."""
        return [self.place(number) for number in self._extra_by_name.get(name, ())]

    def within(self, name: str, ancestor: Place, levels: Collection[str] | None = None) -> list[Place]:
        """The candidates of a name that lie in ``ancestor``."""
        return [place for place in self.candidates(name, levels) if self.lies_in(place, ancestor)]

    def with_code(self, code: str) -> list[Place]:
        """The shipped places that have a code in one of the lists, from the top down.

        >>> [place.name for place in Gazetteer.load().with_code("500116004")]
        ['双福街道']
        """
        numbers = list(self._coded.get(code, ()))
        above = self._coded.get(code[:9], ()) if len(code) == 12 else ()
        numbers += [len(self._uppers) + index for number in above for index in self._villages.of(number)]
        places = (self.place(number) for number in numbers)
        return [place for place in places if any(known.code == code for known in place.codes)]

    # --- text ---------------------------------------------------------------------------------------------------

    def find(self, text: str) -> list[PlaceMatch]:
        """The names of provinces to townships in a text, longest match, left to right, not overlapping.

        Villages are not searched for: ask ``within`` for the X社区 or X村 that a text has.
        """
        found, known = self._found, []
        for start, end, name in self._finder.find(text):
            facts = found.get(name) or self._facts(name)
            known.append(PlaceMatch(start, end, name, *facts))
        return known

    def _facts(self, name: str) -> tuple[tuple[Place, ...], bool, bool]:
        """What a match of this name says beside its span."""
        places = tuple(self.candidates(name, LEVELS[:-1]))
        facts = places, all(place.name != name for place in places), name in self._common
        self._found[name] = facts
        return facts

    # --- making -------------------------------------------------------------------------------------------------

    @cached_property
    def _villages(self) -> Villages:
        return _shipped_villages()

    @cached_property
    def _coded(self) -> dict[str, list[int]]:
        coded: dict[str, list[int]] = defaultdict(list)
        for number, row in enumerate(self._uppers):
            for code in {row.nbs, row.mca} - {""}:
                coded[code].append(number)
        return dict(coded)

    @cached_property
    def _finder(self) -> NameFinder:
        names = {name for name in (*self._official, *self._short) if len(name) >= 2}
        for place in self._extra.values():
            if place.level != "village":
                names.update((place.name, *place.aliases))
        return NameFinder(sorted(names - self._unsafe))

    def _index(self) -> None:
        """Fill the maps from names to rows."""
        self._official: dict[str, list[int]] = defaultdict(list)
        self._short: dict[str, list[int]] = defaultdict(list)
        self._common: set[str] = set(_common_words())
        self._unsafe: set[str] = set()
        self._found: dict[str, tuple[tuple[Place, ...], bool, bool]] = {}
        for number, row in enumerate(self._uppers):
            self._official[row.name].append(number)
            forms = () if row.until else short_forms(row.name, row.level)  # 江东 of 江东区 was always a word as well
            for form in dict.fromkeys((*row.aliases, *forms)):
                self._short[form].append(number)
                if form.endswith(("村", "镇", "街")):
                    self._common.add(form)  # 马村 of 马村区 stands in 下马村
                if row.level == "zone":
                    self._index_bare_zone(form, row, number)
            if row.level == "township" and not row.name.endswith(_TOWNSHIP_KINDS):
                self._unsafe.add(row.name)  # 社会事务局, 开发区: offices and grounds that the lists count as townships
            elif row.name in _TOWNSHIP_KINDS:
                self._unsafe.add(row.name)
            elif len(row.name) == 2 and row.name[-1] in "区市":
                self._common.add(row.name)
        self._unsafe -= {row.name for row in self._uppers if row.level != "township"}
        self._unsafe |= {name for name in former_names() if len(name) == 2 and name.endswith("县")}  # 召开县委
        for name, numbers in self._short.items():
            if name.endswith(_GENERIC_ENDS) and len(name) <= 4 and len(numbers) > 1:
                self._common.add(name)

    def _index_bare_zone(self, form: str, row: UpperRow, number: int) -> None:
        """高新区 for 合肥高新区: only with context."""
        city = self._uppers[row.parent] if row.parent is not None else None
        for prefix in (city.name, *short_forms(city.name, city.level)) if city else ():
            bare = form.removeprefix(prefix)
            if bare != form and len(bare) >= 3:
                if number not in self._short[bare]:
                    self._short[bare].append(number)
                self._common.add(bare)

    def _make(self, number: int) -> Place:
        if number >= _EXTRA_IDS:
            return self._extra[number]
        if number >= len(self._uppers):
            return self._make_village(number)
        row = self._uppers[number]
        codes = tuple(
            Code(code, source, _YEARS[source]) for code, source in ((row.nbs, "nbs"), (row.mca, "mca")) if code
        )
        aliases, codes = row.aliases + self._added_aliases[number], codes + self._added_codes[number]
        return Place(number, row.name, row.level, row.parent, codes, aliases, row.until, row.merged_into)

    def _make_village(self, number: int) -> Place:
        index = number - len(self._uppers)
        if not 0 <= index < len(self._villages):
            raise KeyError(number)
        parent = self._villages.parent(index)
        code = f"{self._uppers[parent].nbs}{self._villages.number(index):03d}"
        codes = (Code(code, "nbs", _YEARS["nbs"]), *self._added_codes[number])
        return Place(number, self._villages.name(index), "village", parent, codes, self._added_aliases[number])

    def _add(self, extra: ExtraPlace, where: str) -> None:
        """Take in one place of a researcher, or what the row says more of a place that is known."""
        parent = self.by_path(extra.parent) if extra.parent else None
        if extra.parent and parent is None:
            raise no_parent(extra, map(self.names, self.candidates(extra.parent[-1])), where)
        codes: tuple[Code, ...] = (Code(extra.code, extra.source, extra.year),) if extra.code else ()
        known = self.by_path(extra.path)
        check_level(extra, known, parent, where)
        check_code(extra, known, self.with_code(extra.code or ""), where)
        if known is None:
            number = _EXTRA_IDS + len(self._extra)
            above = parent.id if parent else None
            self._extra[number] = Place(number, extra.name, extra.level, above, codes, extra.aliases)
            if parent:
                self._children[parent.id].append(number)
            forms: tuple[str, ...] = (extra.name, *short_forms(extra.name, extra.level))
        else:
            number, forms = known.id, ()
            codes = tuple(code for code in codes if code not in known.codes)
            place = known._replace(codes=known.codes + codes, aliases=known.aliases + extra.aliases)
            if number >= _EXTRA_IDS:
                self._extra[number] = place
            self._added_codes[number] += codes
            self._added_aliases[number] += extra.aliases
            self._places[number] = place
        for form in dict.fromkeys((*forms, *extra.aliases)):
            if number not in self._extra_by_name[form]:
                self._extra_by_name[form].append(number)


@lru_cache(maxsize=1)
def _shipped() -> Gazetteer:
    return Gazetteer(_shipped_uppers())


@lru_cache(maxsize=1)
def _shipped_uppers() -> list[UpperRow]:
    with resources.files(__package__).joinpath("places.zip").open("rb") as file:
        return with_former(with_additions(read_uppers(file)))


@lru_cache(maxsize=1)
def _shipped_villages() -> Villages:
    with resources.files(__package__).joinpath("places.zip").open("rb") as file:
        return read_villages_table(file)


@lru_cache(maxsize=1)
def _common_words() -> frozenset[str]:
    text = resources.files(__package__).joinpath("common_words.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))
