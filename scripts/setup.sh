# Sourced by the scripts beside it, which name a lock file in $lock: goes to the project's folder,
# finds a Python and has it make .venv. Nothing happens when .venv already holds that lock file.
CDPATH= cd -- "$(dirname -- "$0")/.."

found=
for python in .venv/bin/python python3 python3.14 python3.13 python3.12 python3.11 python; do
  version=$("$python" -c 'import platform; print(platform.python_version())' 2>/dev/null) || continue
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' && break
  found="$found $version"
  version=
done
if [ -z "${version:-}" ]; then
  echo "Easel needs Python 3.11 or newer; found:${found:- none}. Install one and start this again." >&2
  exit 1
fi
"$python" scripts/install.py "$lock"
