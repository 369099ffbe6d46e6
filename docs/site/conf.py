"""Sphinx configuration of the documentation site; ``build.py`` lays the pages out and calls Sphinx."""

from __future__ import annotations

import kg

project = "Practice graph"
author = "The practice graph authors"
copyright = author
version = release = kg.__version__
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
root_doc = "index"
nitpicky = False
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]
suppress_warnings = [
    "myst.header",  # a README may begin below the first level
    "misc.highlighting_failure",  # `console` blocks hold Chinese and ellipses
    "ref.python",  # several classes have a field of one name
]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "show-inheritance": False}
napoleon_google_docstring = False
napoleon_numpy_docstring = True
python_use_unqualified_type_names = True
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_title = f"Practice graph {kg.__version__}"
html_show_sphinx = False
html_copy_source = False
html_last_updated_fmt = None
html_theme_options = {
    # Chinese faces of the reader's own system: nothing is fetched.
    "light_css_variables": {
        "font-stack": "system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
    },
    "dark_css_variables": {"font-stack": "system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"},
}
