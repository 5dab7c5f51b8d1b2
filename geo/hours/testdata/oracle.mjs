// Answers what the JavaScript library opening_hours says, for the tests of this
// package. It reads one JSON object per line,
//
//	{"value": "Mo-Fr 08:00-18:00", "tz": "Europe/Helsinki", "lat": 60.2,
//	 "lon": 24.9, "country": "de", "state": "Bayern", "instants": [seconds…],
//	 "year": 2024}
//
// and writes one JSON object per line: either {"error": "…"} or
//
//	{"states": ["open"…], "comments": ["…"|null…], "nexts": [seconds|null…]}
//
// With "statesOnly": true it does not look for next changes.
// With "list": "PH" or "SH" in place of a value it writes the days of the year
// on which that holds: {"days": [[2024, 1, 1]…]}.
//
// The library is a development dependency of static.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const OpeningHours = createRequire(new URL('../../../static/package.json', import.meta.url))('opening_hours');

function answer(q) {
  // Dates of the library are local: Node follows TZ when it is assigned.
  process.env.TZ = q.tz;
  const place = {
    lat: String(q.lat),
    lon: String(q.lon),
    address: { country_code: q.country, state: q.state },
  };
  if (q.list) {
    const hours = new OpeningHours(q.list, place);
    const days = [];
    for (let d = new Date(q.year, 0, 1, 12); d.getFullYear() === q.year; d.setDate(d.getDate() + 1)) {
      if (hours.getState(d)) {
        days.push([d.getFullYear(), d.getMonth() + 1, d.getDate()]);
      }
    }
    return { days };
  }
  const hours = new OpeningHours(q.value, place);
  const states = [];
  const comments = [];
  const nexts = [];
  for (const at of q.instants) {
    const date = new Date(at * 1000);
    states.push(hours.getUnknown(date) ? 'unknown' : hours.getState(date) ? 'open' : 'closed');
    comments.push(hours.getComment(date) ?? null);
    const next = q.statesOnly ? undefined : hours.getNextChange(date, new Date((at + 400 * 86400) * 1000));
    nexts.push(next ? Math.round(next.getTime() / 1000) : null);
  }
  return { states, comments, nexts };
}

const lines = createInterface({ input: process.stdin });
for await (const line of lines) {
  if (line === '') continue;
  let result;
  try {
    result = answer(JSON.parse(line));
  } catch (error) {
    result = { error: String(error) };
  }
  process.stdout.write(JSON.stringify(result) + '\n');
}
