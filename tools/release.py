"""Make a release: `make release`, or `python tools/release.py [FOLDER]` (default `dist`).

Builds wheel and sdist twice and compares them byte for byte, writes a CycloneDX list of the
dependencies (SBOM) of the lock file, asks for their known vulnerabilities, and writes SHA256SUMS.
Exits with 1 where the builds differ or a dependency is known to be vulnerable; says so where the
vulnerabilities could not be asked for.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements.lock"


def environment() -> dict[str, str]:
    """The environment of a build: its time is the last commit's, so that it is always the same."""
    if "SOURCE_DATE_EPOCH" in os.environ:
        return dict(os.environ)
    command = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return {**os.environ, "SOURCE_DATE_EPOCH": told or "1580601600"}


def build(folder: Path, source: Path = ROOT) -> list[Path]:
    """Build wheel and sdist of `source` into a new folder; the files, sorted."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-t", "sdist"]
    subprocess.run(
        [*command, "-d", str(folder.resolve())],
        cwd=source,
        env=environment(),
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return sorted(folder.iterdir())


def sbom(path: Path) -> None:
    """Write the CycloneDX SBOM: what the lock file lists, with hashes, the same bytes each time."""
    command = [sys.executable, "-W", "ignore", "-m", "cyclonedx_py", "requirements", str(LOCK)]
    options = ["--pyproject", str(ROOT / "pyproject.toml"), "--output-reproducible"]
    subprocess.run([*command, *options, "-o", str(path)], env=environment(), check=True)


def audit() -> tuple[list[str], str]:
    """The known vulnerabilities of what the lock file lists; why not all could be told, or ""."""
    command = [sys.executable, "-m", "pip_audit", "-r", str(LOCK), "--require-hashes"]
    options = ["--disable-pip", "--progress-spinner", "off", "--format", "json"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    try:
        dependencies = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return [], (done.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1]
    found = [
        f"{dependency['name']} {dependency['version']}: {vulnerability['id']}"
        for dependency in dependencies
        for vulnerability in dependency.get("vulns", ())
    ]
    skipped = [d for d in dependencies if "skip_reason" in d]
    return found, f"{len(skipped)} of {len(dependencies)} unknown there" if skipped else ""


def main() -> int:
    """Make the release; the exit code."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist"
    shutil.rmtree(out, ignore_errors=True)
    with tempfile.TemporaryDirectory() as scratch:
        pairs = list(zip(build(out), build(Path(scratch) / "again"), strict=True))
        if differing := [one.name for one, two in pairs if one.read_bytes() != two.read_bytes()]:
            print(f"not reproducible: {', '.join(differing)}", file=sys.stderr)
            return 1
    sbom(out / "sbom.cdx.json")
    files = sorted(out.iterdir())
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (out / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
    print("".join(sums), end="")
    print("built twice with the same bytes", file=sys.stderr)
    found, unknown = audit()
    for line in found:
        print(f"vulnerable: {line}", file=sys.stderr)
    if unknown:
        print(
            f"vulnerabilities not (all) audited: {unknown}; run this with the network",
            file=sys.stderr,
        )
    elif not found:
        print("no known vulnerabilities", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
