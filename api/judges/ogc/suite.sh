#!/usr/bin/env bash
# Runs the official conformance suite of OGC API - Features (Parts 1 and 2)
# against a freshly started server, and prints how many tests passed and which
# failed; the exit status is 1 where one did.
#
#   suite.sh [DATA-FOLDER]        the demo district where none is given
#
# The suite is a Maven artifact, named by its coordinates. JAR names a copy that
# is there already; CLASSPATH names one built from the suite's sources: its
# classes and the jars it needs, parted by colons.
# Needs go, java 17, and mvn where neither is set.
set -euo pipefail
ETS="${ETS:-org.opengis.cite:ets-ogcapi-features10:1.7.1:jar:aio}"
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../server.sh"

if [ -z "${JAR:-}${CLASSPATH:-}" ]; then
  mvn -q -B dependency:copy -Dartifact="$ETS" -DoutputDirectory="$work"
  JAR=$(ls "$work"/*.jar)
fi
if [ $# -gt 0 ]; then set -- --data "$1"; fi
serve "$@"

cat >"$work/props.xml" <<PROPS
<?xml version="1.0" encoding="UTF-8"?>
<properties version="1.0">
  <entry key="iut">$address/ogc</entry>
  <entry key="noofcollections">-1</entry>
</properties>
PROPS
java -cp "${JAR:-$CLASSPATH}" org.opengis.cite.ogcapifeatures10.TestNGController \
  -o "$work/out" "$work/props.xml" >"$work/suite.log" 2>&1 || true
report=$(find "$work/out" -name 'testng-results.xml' | head -n 1)
if [ -z "$report" ]; then
  cat "$work/suite.log"
  echo "the suite left no report" >&2
  exit 1
fi
grep -o '<testng-results [^>]*>' "$report"
grep -o '<test-method [^>]*status="FAIL"[^>]*>' "$report" | sed 's/.* name="\([^"]*\)".*/\1/' | sort | uniq -c || true
! grep -q 'status="FAIL"' "$report"
