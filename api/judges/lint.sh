#!/usr/bin/env bash
# Redocly CLI and Spectral over both OpenAPI documents as they are served: all
# of the API, and the part that is OGC API. Needs npm ci here; see the Makefile.
set -euo pipefail
. "$(dirname "$0")/server.sh"

serve
cd "$judges"
mkdir -p out
ADDRESS=$address node --input-type=module -e '
  import { writeFileSync } from "node:fs";
  for (const [name, path] of [["openapi", "/openapi.json"], ["ogc", "/ogc/api?f=json"]]) {
    const answer = await fetch(process.env.ADDRESS + path);
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    writeFileSync(`out/${name}.json`, await answer.text());
  }'

export REDOCLY_SUPPRESS_UPDATE_NOTICE=true REDOCLY_TELEMETRY=off
node_modules/.bin/redocly lint --config redocly.yaml out/openapi.json out/ogc.json
node_modules/.bin/spectral lint --ruleset spectral.yaml --fail-severity hint out/openapi.json out/ogc.json
