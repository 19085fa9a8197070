"""Makes the checkout ready: the virtual environment, its packages, the compiled translations; then runs a command in it.

Runs on the bare Python of the machine, before anything is installed, so it takes the standard library alone and a
syntax that Python 3.7 understands too: only then can it say that a Python is too old. Started by the Makefile as

    python3 -I workers/setup.py [--system] REQUIREMENTS... [-- PYTHON-ARGUMENTS...]

--system allows it to install Debian packages.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
INSTALLED = VENV / "installed.json"  # by requirements file: the hash of what was installed last
TRANSLATIONS = ROOT / "forum" / "web" / "translations"
SUPPORTED = ("3.11", "3.12", "3.13")

NETWORK_TROUBLE = (
    "Failed to establish a new connection", "Temporary failure in name resolution", "Name or service not known",
    "Connection refused", "Network is unreachable", "ConnectTimeoutError", "Read timed out", "ProxyError", "NewConnectionError",
)  # fmt: skip

# Command or file that shows that the package is there, and what is left untested without it.
SYSTEM_PACKAGES = (
    ("chromium", ("chromium", "chromium-browser", "google-chrome"), "the browser tests"),
    ("postgresql", ("/usr/lib/postgresql/*/bin/postgres", "postgres"), "the tests on PostgreSQL and the Bluesky network"),
    ("redis-server", ("redis-server", "valkey-server"), "the Bluesky network"),
    ("fonts-noto-cjk", ("/usr/share/fonts/opentype/noto/NotoSansCJK*",), "pictures of Chinese pages"),
    ("fonts-wqy-microhei", ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",), "a font of one's own in PDF reports"),
    ("libreoffice-calc-nogui", ("soffice", "libreoffice"), "that LibreOffice counts the report's workbook to the same sums"),
    ("poppler-utils", ("pdftoppm",), "that another reader shows the report's PDF"),
)  # fmt: skip


class CannotSetUp(Exception):
    """Something outside hinders us; the message is one sentence."""


def main(arguments: list[str]) -> int:
    """0, or the command's own exit code; 1 after one sentence about what hinders."""
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    options, command = arguments[:cut], arguments[cut + 1 :]
    may_apt = "--system" in options
    try:
        for name in options:
            if not name.startswith("--"):
                install(name, may_apt)
        compile_translations()
        if may_apt:
            install_system_packages()
    except CannotSetUp as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{error.filename or ROOT} cannot be used: {error.strerror}.\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        return 130
    if command:
        os.chdir(ROOT)
        os.execv(PYTHON, [str(PYTHON), *command])  # noqa: S606  our own environment's Python
    return 0


# The environment and its packages


def install(name: str, may_apt: bool) -> None:
    """Install a requirements file unless exactly this was installed last. The second time this reads two small files."""
    wanted = fingerprint(name)
    make_environment(may_apt)
    if read_installed().get(name) == wanted:
        return
    say(f"Installing {name} (this takes a minute or two, the first time only).")
    run_pip(name)
    done = dict(read_installed(), **{one: fingerprint(one) for one in (name, *included(name))})
    INSTALLED.write_text(json.dumps(done, indent=1), encoding="utf-8")


def fingerprint(name: str) -> str:
    """The hash of the file and of those that it includes."""
    parts = [(ROOT / name).read_text(encoding="utf-8"), *(fingerprint(other) for other in included(name))]
    return hashlib.sha256("\n".join(parts).encode("utf-8")).hexdigest()


def included(name: str) -> list[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line.split()[1] for line in lines if line.startswith("-r ")]


def read_installed() -> dict[str, str]:
    try:
        return dict(json.loads(INSTALLED.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def make_environment(may_apt: bool) -> None:
    """A .venv with a Python that we support. One whose Python has gone, or was half made, is made anew."""
    if INSTALLED.exists() and PYTHON.exists():
        return
    if PYTHON.exists() and fits(str(PYTHON)) and works(str(PYTHON), "import pip"):
        return
    base = find_python(may_apt)
    say(f"Making the virtual environment .venv with {base}.")
    if VENV.exists():
        shutil.rmtree(VENV)
    VENV.mkdir()
    code, words = run([base, "-m", "venv", str(VENV)])
    if code != 0:
        raise CannotSetUp(f"{base} could not make a virtual environment: {last_line(words)}")


def find_python(may_apt: bool) -> str:
    """The first Python of a supported version that can make environments."""
    chosen = os.environ.get("PYTHON")
    names = [chosen] if chosen else [sys.executable, "python3", "python3.13", "python3.12", "python3.11"]
    found = [path for path in (shutil.which(name) for name in names if name) if path]
    fitting = [path for path in found if fits(path)]
    for path in fitting:
        if works(path, "import venv, ensurepip"):
            return path
    if fitting:
        package = f"python{version_of(fitting[0])}-venv"
        if may_apt and apt_install([package]) and works(fitting[0], "import venv, ensurepip"):
            return fitting[0]
        raise CannotSetUp(
            f"{fitting[0]} cannot make virtual environments because its venv module is missing: "
            f"run apt-get install {package} (or python3-venv)."
        )
    have = f"{found[0]} is {version_of(found[0]) or 'none'}" if found else f"there is no {chosen or 'python3'}"
    raise CannotSetUp(
        f"Answerback needs Python 3.11, 3.12 or 3.13, and {have}: "
        "install one of them, or name it as in make run PYTHON=/path/of/python3.12."
    )


def fits(python: str) -> bool:
    return version_of(python) in SUPPORTED


def version_of(python: str) -> str:
    """Such as 3.12; empty for what is no Python."""
    code, words = run([python, "-I", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
    return words.strip() if code == 0 else ""


def works(python: str, statement: str) -> bool:
    return run([python, "-I", "-c", statement])[0] == 0


def run_pip(name: str) -> None:
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet"]
    command += ["--retries", "2", "--timeout", "30", "-r", str(ROOT / name)]
    code, words = run(command)
    if code == 0:
        return
    log = VENV / "pip.log"
    log.write_text(words, encoding="utf-8")
    if any(trouble in words for trouble in NETWORK_TROUBLE):
        raise CannotSetUp(
            f"pip cannot reach the package index to install {name}: "
            f"check the network, or set PIP_INDEX_URL ({log} has its words)."
        )
    errors = "\n".join(line for line in words.splitlines() if line.startswith("ERROR:")) or words
    raise CannotSetUp(f"pip could not install {name}: {last_line(errors)} ({log} has all its words).")


# Translations


def compile_translations() -> None:
    """Compile the catalogues that are newer than what was made of them."""
    stale = [po for po in TRANSLATIONS.glob("*/LC_MESSAGES/*.po") if older(po.with_suffix(".mo"), po)]
    if not stale:
        return
    say("Compiling translations.")
    command = [str(PYTHON), "-m", "babel.messages.frontend", "--quiet", "compile", "-d", str(TRANSLATIONS)]
    code, words = run(command)
    if code != 0:
        raise CannotSetUp(f"The translations could not be compiled: {last_line(words)}")


def older(made: Path, source: Path) -> bool:
    return not made.exists() or made.stat().st_mtime < source.stat().st_mtime


# Debian packages that tests use


def install_system_packages() -> None:
    """Install what is missing where we may; else name it and what is skipped for it. Never a reason to stop."""
    missing = [entry for entry in SYSTEM_PACKAGES if not present(entry[1])]
    if not missing:
        return
    names = [entry[0] for entry in missing]
    say("Installing {} with apt.".format(", ".join(names)))
    apt_install(names)
    for package, signs, untested in missing:
        if not present(signs):
            say(f"{package} is missing and could not be installed, so tests are skipped: {untested}.")


def present(signs: tuple[str, ...]) -> bool:
    return any(shutil.which(sign) if "/" not in sign else any(Path("/").glob(sign[1:])) for sign in signs)


def apt_install(packages: list[str]) -> bool:
    """Whether apt took the packages. Tries only as root or with sudo that asks for no password."""
    rights = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (rights and run([*rights, "true"])[0] != 0):
        return False
    apt = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=60"]
    wanted = [*apt, "install", "-y", "--no-install-recommends", *packages]
    # The lists may be absent or old, so they are fetched when the first attempt fails.
    return run(wanted)[0] == 0 or (run([*apt, "update"])[0] == 0 and run(wanted)[0] == 0)


# Processes and lines


def run(command: list[str]) -> tuple[int, str]:
    """The exit code of a command and all that it said; a command that cannot be started has failed."""
    try:
        done = subprocess.run(  # noqa: S603  our own commands
            command,
            check=False,
            cwd=str(ROOT),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except OSError as error:
        return 127, str(error)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def last_line(words: str) -> str:
    return (words.strip().splitlines() or ["it gave no reason"])[-1]


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
