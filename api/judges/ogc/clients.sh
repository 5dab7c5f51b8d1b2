#!/usr/bin/env bash
# Asks a freshly started server as other programs do: GDAL, OWSLib, and the
# OpenAPI parser and HTTP client of the official suite.
#
#   clients.sh [DATA-FOLDER]      the demo district where none is given
#
# Needs go, gdal-bin, python3, java 17 and mvn.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../server.sh"

if [ $# -gt 0 ]; then set -- --data "$1"; fi
serve "$@"
root="$address/ogc"

echo "== $(ogrinfo --version)"
ogrinfo -ro "OAPIF:$root"
for id in station gate building street; do
  printf '%s: ' "$id"
  ogrinfo -ro -al -oo PAGE_SIZE=50 "OAPIF:$root/collections/$id" | grep -c '^OGRFeature'
done

python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install owslib==0.35.0
echo "== OWSLib"
"$work/venv/bin/python" - "$root" <<'PY'
import sys
from owslib.ogcapi.features import Features
w = Features(sys.argv[1])
print(len(w.conformance()["conformsTo"]), "classes;", w.feature_collections())
print("api", w.api()["openapi"], w.api()["servers"])
for c in w.feature_collections():
    page = w.collection_items(c, limit=3)
    queryables = w.collection_queryables(c)["properties"]
    print(c, page["numberMatched"], "matched,", page["numberReturned"], "returned,", len(queryables), "queryables")
print("filter:", w.collection_items("gate", filter="name LIKE '%门'")["numberMatched"])
PY

echo "== the suite's parser and client"
cp "$here/pom.xml" "$here/Definition.java" "$work/"
(cd "$work" && mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib && java -cp "lib/*" Definition.java "$root")
