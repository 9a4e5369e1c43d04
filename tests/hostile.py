"""Texts that attack whoever shows them: as node ids, messages, branch names, titles.

Each tries to set ``window.pwned`` or to leave the place where it is shown.
"""

RUN = "window.pwned=1"

TEXTS = [
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f'"><img src=x onerror={RUN}>',
    f"'><svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<math><mtext></mtext><mglyph><style><img src=x onerror={RUN}></style>",
    f"</textarea><img src=x onerror={RUN}>",
    f"</title><img src=x onerror={RUN}>",
    f"<details open ontoggle={RUN}>",
    f"<a href=javascript:{RUN}>x</a>",
    f"[x](javascript:{RUN})",
    f"[x](JaVaScRiPt&colon;{RUN})",
    f"<javascript:{RUN}>",
    f"![x](x onerror={RUN})",
    f'[x](https://example.org "x\\" onmouseover={RUN} ")',
    f"[x](data:text/html,<script>{RUN}</script>)",
    f'``` "onmouseover={RUN}\nx\n```',
    f'<div hx-on:load="{RUN}" hx-get="/" hx-trigger="load">',
    f"<iframe srcdoc='<script>parent.{RUN}</script>'>",
    f"<base href='javascript:{RUN}//'>",
    f"{{{{ {RUN} }}}}{{% load x %}}",
    f"\u202e<b onclick={RUN}>\u202c",
    f"\x1b]8;;javascript:{RUN}\x1b\\x\x1b]8;;\x1b\\",
    '=HYPERLINK("https://example.org","x")',
]
