"""Makes small wheels, for installs that need no package index."""

import hashlib
import zipfile
from pathlib import Path


def make_wheel(folder: Path, name: str, version: str, files: dict[str, str], requires: str = "") -> str:
    """Write a wheel that holds ``files`` and return its hash as lock files write it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    needs = f"Requires-Dist: {requires}\n" if requires else ""
    every = files | {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{each},,\n" for each in [*every, f"{info}/RECORD"])
    with zipfile.ZipFile(path, "w") as archive:
        for each, text in (every | {f"{info}/RECORD": record}).items():
            archive.writestr(each, text)
    return f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
