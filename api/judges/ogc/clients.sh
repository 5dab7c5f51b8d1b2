#!/bin/sh
# Asks a freshly started server as other programs do: GDAL, OWSLib, the OpenAPI
# parser and HTTP client of the official suite, and schemathesis, which looks
# for answers that the document does not describe.
#
#   clients.sh [DATA-FOLDER]      the demo district where none is given
#
# Needs go, gdal-bin, python3, java 17 and mvn.
set -eu
PORT="${PORT:-8199}"
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
root="http://127.0.0.1:$PORT/ogc"

(cd "$here/../../.." && CGO_ENABLED=0 go build -o "$work/yizhan" ./cmd/yizhan)
if [ $# -gt 0 ]; then set -- --data "$1"; fi
"$work/yizhan" serve --listen "127.0.0.1:$PORT" "$@" >"$work/server.log" 2>&1 &
server=$!
for _ in $(seq 60); do
  if curl -sf -o "$work/ready" "http://127.0.0.1:$PORT/readyz"; then break; fi
  sleep 1
done

echo "== $(ogrinfo --version)"
ogrinfo -ro "OAPIF:$root"
for id in station gate building street; do
  printf '%s: ' "$id"
  ogrinfo -ro -al -oo PAGE_SIZE=50 "OAPIF:$root/collections/$id" | grep -c '^OGRFeature'
done

python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install owslib==0.35.0 schemathesis==4.32.5
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

echo "== schemathesis"
"$work/venv/bin/schemathesis" run "http://127.0.0.1:$PORT/openapi.json" --include-path-regex '^/ogc' \
  --exclude-checks positive_data_acceptance --max-examples 40 --workers 2
