"""Texts of bounded length, whatever a test has put into them. (PYTEST_DONT_REWRITE)"""

TEXT_BYTES = 65536
MESSAGE_BYTES = 2048
ID_BYTES = 2048


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def decoded(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def capped_id(nodeid: str) -> str:
    """A node id of bounded length; two that differ stay different."""
    if len(nodeid) * 4 <= ID_BYTES or len(encoded(nodeid)) <= ID_BYTES:
        return nodeid
    import hashlib  # seldom needed, and slow to import

    digest = hashlib.sha256(encoded(nodeid)).hexdigest()[:16]
    return decoded(encoded(nodeid)[: ID_BYTES - 64]) + "…" + digest


def capped_text(text: str, limit: int = TEXT_BYTES) -> str:
    raw = encoded(text)
    if len(raw) <= limit:
        return text
    half = limit // 2 - 64
    cut = len(raw) - 2 * half
    return f"{decoded(raw[:half])}\n[… {cut} bytes are cut here …]\n{decoded(raw[-half:])}"


def one_line(text: str) -> str:
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    raw = encoded(line)
    return line if len(raw) <= MESSAGE_BYTES else decoded(raw[: MESSAGE_BYTES - 3]) + "…"
