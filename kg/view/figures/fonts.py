"""A Chinese font for figures: matplotlib's own has none, and draws boxes."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from kg.errors import UsageError

__all__ = ["chinese_font"]

PACKAGED = ("noto_cjk_sans_otc", "NotoSansCJK-Regular.ttc", "Noto Sans CJK SC")
"""Package, file and family of the font that the extra ``figures`` brings along."""
INSTALLED = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Hiragino Sans GB",
    "Heiti SC",
    "Microsoft YaHei",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Serif CJK SC",
    "Songti SC",
    "SimSun",
)
"""Families of Linux, macOS and Windows that have simplified Chinese, best first."""


@cache
def chinese_font() -> str:
    """The family of a font with simplified Chinese, made known to matplotlib.

    Raises UsageError, with what to install, where there is neither matplotlib nor such a font.
    """
    try:
        from matplotlib import font_manager
    except ImportError as error:
        raise UsageError(
            "figures need matplotlib", remedy="pip install 'practice-graph[figures]', or matplotlib noto-cjk-sans-otc"
        ) from error
    package, file, family = PACKAGED
    spec = find_spec(package)
    if spec is not None and spec.origin:
        path = Path(spec.origin).with_name(file)
        if path.is_file():
            font_manager.fontManager.addfont(str(path))
    known = {entry.name for entry in font_manager.fontManager.ttflist}
    found = next((name for name in (family, *INSTALLED) if name in known), None)
    if found is None:
        raise UsageError("there is no font with Chinese characters", remedy="pip install noto-cjk-sans-otc")
    return found
