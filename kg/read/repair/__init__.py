"""Damage undone: wrong encodings, lost bytes, pinyin in brackets, traditional characters, broken lines."""
