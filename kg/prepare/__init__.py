"""How the shipped places and word counts are made from public lists: run by a developer, never at run time.

``python -m kg.prepare.gazetteer`` writes ``kg/knowledge/gazetteer/places.zip``, ``python -m kg.prepare.word_counts DICT``
``kg/read/repair/words.txt``; each says where its lists are from, and the same lists give the same bytes. They stand apart
from the stations because all files of those count as what decides an extraction: a change there extracts every article again.
"""
