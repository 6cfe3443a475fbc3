"""The commands on the page for developers."""

import html
import re
import shlex
from itertools import pairwise


def commands(text: str, part: str) -> list[list[str]]:
    """The words of each curl command under one heading."""
    under = text[text.index(f'<h2 id="{part}">') :]
    under = under[: under.find("<h2 ", 1)]
    codes = [html.unescape(each) for each in re.findall(r"<pre[^>]*><code>(.*?)</code>", under, re.DOTALL)]
    assert all("<" not in each for each in codes)
    return [shlex.split(each) for each in codes if each.startswith("curl ")]


def asked(words: list[str]) -> tuple[str, list[str]]:
    """The address of a curl command, and what it sends."""
    url = next(each for each in words if each.startswith("$VELDBOEK/v1"))
    return url, [b for a, b in pairwise(words) if a in {"--data", "--data-urlencode"}]
