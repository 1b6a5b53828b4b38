"""Known weaknesses of the locked dependencies, by pip-audit; honest about what it could not ask.

make audit
"""

from __future__ import annotations

import json
import subprocess
import sys


def main() -> int:
    command = [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "-f", "json"]
    run = subprocess.run(
        [*command, "-r", "requirements.lock"], capture_output=True, text=True, check=False
    )
    if not run.stdout.strip():
        print("not audited: no database of vulnerabilities can be reached from here")
        print(run.stderr.strip().splitlines()[-1] if run.stderr.strip() else "", file=sys.stderr)
        return 0
    packages = json.loads(run.stdout)["dependencies"]
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    weak = [package for package in packages if package.get("vulns")]
    for package in weak:
        for weakness in package["vulns"]:
            fixed = ", ".join(weakness["fix_versions"]) or "no version yet"
            print(f"{package['name']} {package['version']}: {weakness['id']}, mended in {fixed}")
    print(
        f"{len(packages) - len(skipped)} of {len(packages)} packages audited, {len(weak)} of them "
        "with known weaknesses"
        + (f"; the database does not answer for the other {len(skipped)}" if skipped else "")
    )
    return bool(weak)


if __name__ == "__main__":
    sys.exit(main())
