"""The errors of the product: what is wrong, where, and what to do about it; and what may be printed of it."""

from __future__ import annotations

__all__ = ["InputError", "KgError", "StoreError", "UsageError", "one_line", "printable"]


def printable(text: str, keep: str = "") -> str:
    """The text with a space for each character that shows nothing: control, direction and format characters, surrogates.

    For whatever goes to a terminal: escape sequences of an article or of a file's name colour and rename it, and marks of
    direction turn words around. ``keep`` are those that stay, of a text of several lines ``"\\n"``; so does the
    ideographic space.

    >>> printable("村\\x1b[31m\\u202e口\\u3000a\\nb"), printable("a\\n\\tb", keep="\\n")
    ('村 [31m 口\\u3000a b', 'a\\n b')
    """
    return text if text.isprintable() else "".join(c if c.isprintable() or c in keep + "\u3000" else " " for c in text)


def one_line(said: str, most: int = 200) -> str:
    """What a server or model says, fit to be shown: printable, on one line, not long."""
    return " ".join(printable(said[: most * 10]).split())[:most]


class KgError(Exception):
    """Base of all errors that are shown to a user as one line.

    Parameters
    ----------
    what : what is wrong, in one sentence without a full stop.
    where : the file, row, address or option that it is about.
    remedy : what the user can do about it.

    >>> str(KgError("the file is empty", where="a.txt", remedy="remove it from the folder"))
    'a.txt: the file is empty; remove it from the folder'
    """

    exit_code = 3

    def __init__(self, what: str, *, where: str | None = None, remedy: str | None = None) -> None:
        self.what, self.where, self.remedy = what, where, remedy
        super().__init__(what)

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return printable(f"{head}; {self.remedy}" if self.remedy else head)

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the one line, as on the command line (a hook of IPython)."""
        return [f"{type(self).__name__}: {self}"]


class InputError(KgError):
    """One input cannot be used; the others go on (exit code 1)."""

    exit_code = 1


class UsageError(KgError):
    """The call itself is wrong, or nothing of what it names is usable (exit code 2)."""

    exit_code = 2


class StoreError(KgError):
    """The store is locked, read-only, damaged or of another version (exit code 2)."""

    exit_code = 2
