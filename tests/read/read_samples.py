"""Invented press texts that the reading tests share, and a PDF writer of a few lines."""

from __future__ import annotations

TITLE = "松岭镇办起“田间夜校”"
FIRST = "近日，青禾县松岭镇办起“田间夜校”，把课堂搬到果园里，农技员手把手教村民修枝剪叶，已有320余人次参加。"
SECOND = "“以前全凭经验，现在心里有底了。”松岭村村民老周说，夜校每周三晚上开课，一学就会，一用就灵。"
THIRD = "下一步，松岭镇将把夜校办到每个自然村，让更多村民学到真本事。"
BODY = [FIRST, SECOND, THIRD]


def pdf(pages: list[list[str]]) -> bytes:
    """A PDF whose pages hold lines of text, in a font that is named and not embedded."""
    used = sorted({char for page in pages for line in page for char in line})
    code = {char: number + 1 for number, char in enumerate(used)}
    pairs = "\n".join(f"<{code[c]:04X}> <{c.encode('utf-16-be').hex()}>" for c in used)
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{len(used)} beginbfchar\n{pairs}\nendbfchar\n"
        "endcmap end end"
    )
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    objects += [
        "<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [4 0 R] "
        "/ToUnicode 5 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) "
        "/Supplement 0 >> /DW 1000 >>",
        f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream",
    ]
    kids = []
    for page in pages:
        shown = "\n".join(
            f"BT /F 12 Tf 50 {780 - 20 * i} Td <{''.join(f'{code[c]:04X}' for c in line)}> Tj ET"
            for i, line in enumerate(page)
        )
        objects.append(f"<< /Length {len(shown)} >>\nstream\n{shown}\nendstream")
        kids.append(len(objects) + 1)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F 3 0 R >> >> >>"
        )
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{k} 0 R' for k in kids)}] >>"
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    tail = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer << /Size {len(objects) + 1} /Root 1 0 R >>\n"
    )
    return data + f"{tail}startxref\n{len(data)}\n%%EOF\n".encode("latin-1")
