#!/usr/bin/env bash
# Schemathesis against a server of this tree that has the invented district in
# a folder: all checks, with the token and without. It installs itself, from
# PyPI, outside the repository.
#
#   api/judges/schemathesis.sh [CASES]   at most CASES (default 80) for each
#                                        operation, with the token; a third of
#                                        that without
#
#   SEED     repeats a run
#   REPORT   a folder for what it said
set -euo pipefail
. "$(dirname "$0")/server.sh"

cases=${1:-80}
seed=${SEED:-$RANDOM}
report=${REPORT:-$judges/out}
venv=${XDG_CACHE_HOME:-$HOME/.cache}/yizhan/schemathesis

[ -x "$venv/bin/st" ] || python3 -m venv "$venv"
"$venv/bin/pip" install -q -r "$judges/requirements.txt"
mkdir -p "$report"

export PYTHONPATH=$judges PYTHONDONTWRITEBYTECODE=1 SCHEMATHESIS_HOOKS=hooks
export YIZHAN_TOKEN=judges-judges-judges
build
"$work/yizhan" synth --out "$work/district" >/dev/null
serve --data "$work/district"
cd "$work" # it leaves a cache behind where it stands

# judge NAME CASES [ARG…]
judge() {
  local name=$1 n=$2
  shift 2
  "$venv/bin/st" --config-file "$judges/schemathesis.toml" run "$address/openapi.json" --seed "$seed" \
    --max-examples "$n" --no-color "$@" >"$report/$name.txt" 2>&1 || failed=1
  echo "== $name (seed $seed)"
  sed -n '/= SUMMARY =/,$p' "$report/$name.txt"
}

failed=
judge with-token "$cases" --header "Authorization: Bearer $YIZHAN_TOKEN"
judge without-token $(((cases + 2) / 3))

echo "== answers by status"
grep -o 'status=[0-9]*' "$work/log" | sort | uniq -c
cp "$work/log" "$report/server.log"
if grep -q 'status=5' "$work/log"; then failed=1; fi
[ -z "$failed" ] || { echo "What failed is told in $report/*.txt"; exit 1; }
