#!/bin/sh
# Runs the official conformance suite of OGC API - Features (Parts 1 and 2)
# against a freshly started server, and leaves its report beside this file.
#
#   suite.sh [DATA-FOLDER]        the demo district where none is given
#
# The suite is a Maven artifact, named by its coordinates; JAR names a copy that
# is there already. Needs go, java 17, and mvn where JAR is not set.
set -eu
ETS="${ETS:-org.opengis.cite:ets-ogcapi-features10:1.7.1:jar:aio}"
PORT="${PORT:-8199}"
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT

if [ -z "${JAR:-}" ]; then
  mvn -q -B dependency:copy -Dartifact="$ETS" -DoutputDirectory="$work"
  JAR=$(ls "$work"/*.jar)
fi
(cd "$here/../.." && CGO_ENABLED=0 go build -o "$work/yizhan" ./cmd/yizhan)
if [ $# -gt 0 ]; then set -- --data "$1"; fi
"$work/yizhan" serve --listen "127.0.0.1:$PORT" "$@" >"$work/server.log" 2>&1 &
server=$!
for _ in $(seq 60); do
  if curl -sf -o "$work/ready" "http://127.0.0.1:$PORT/readyz"; then break; fi
  sleep 1
done

cat >"$work/props.xml" <<PROPS
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE properties SYSTEM "http://java.sun.com/dtd/properties.dtd">
<properties version="1.0">
  <entry key="iut">http://127.0.0.1:$PORT/ogc</entry>
  <entry key="noofcollections">-1</entry>
</properties>
PROPS
java -jar "$JAR" -o "$work/out" "$work/props.xml" >"$work/suite.log" 2>&1 || true
report=$(find "$work/out" -name 'testng-results.xml' | head -n 1)
if [ -z "$report" ]; then
  cat "$work/suite.log"
  echo "the suite left no report" >&2
  exit 1
fi
grep -o '<testng-results [^>]*>' "$report"
grep -o '<test-method [^>]*status="FAIL"[^>]*>' "$report" | sed 's/ duration-ms.*name="/ name="/' || true
! grep -q 'status="FAIL"' "$report"
