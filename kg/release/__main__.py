"""``python -m kg.release``: the codebook on standard output, as it stands in ``docs/codebook.md``."""

import sys

from kg.release.codebook import codebook_markdown

if __name__ == "__main__":
    sys.stdout.buffer.write(codebook_markdown().encode("utf-8"))
