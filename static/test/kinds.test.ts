import { describe, expect, it } from "vitest";
import { beginWith, offered } from "../src/kinds";
import { wish } from "../src/url";

const about = (counts: Record<string, number>) => ({ kinds: Object.entries(counts).map(([id, count]) => ({ id, count, name: { zh: id, en: id } })) });

describe("the kind to begin with", () => {
  it.each([
    ["stations", { station: 2, gate: 5 }, "", "station"],
    ["the first there is, without stations", { station: 0, gate: 0, bus_stop: 3, parking: 1 }, "", "bus_stop"],
    ["what the link asks for", { station: 0, gate: 5 }, "station", "station"],
    ["stations, with nothing at all", { station: 0, gate: 0 }, "", "station"],
  ])("is %s", (_, counts, asked, want) => expect(beginWith(about(counts), asked)).toBe(want));

  it.each([
    ["those with places", { station: 2, gate: 0, charger: 1 }, "station", "station,charger"],
    ["the chosen one too", { station: 0, gate: 4 }, "station", "station,gate"],
    ["all, with nothing at all", { station: 0, gate: 0 }, "station", "station,gate"],
  ])("offers %s", (_, counts, chosen, want) => expect(offered(about(counts), chosen).map((k) => k.id).join()).toBe(want));
});

describe("the address of an embedded map", () => {
  const all = about({ station: 2, gate: 5 });
  it.each([
    ["?center=116.3,39.9&zoom=15&kinds=gate,station&lang=en", { center: [116.3, 39.9], zoom: 15, kinds: ["gate", "station"], bad: [] }],
    ["", { kinds: [], bad: [] }],
    ["?center=abc&zoom=99&kinds=foo", { kinds: [], bad: ["center=abc", "zoom=99", "kinds=foo"] }],
    ["?kinds=gate,foo&lang=xx", { kinds: ["gate"], bad: ["kinds=foo", "lang=xx"] }],
    ["?center=39.9,116.3", { kinds: [], bad: ["center=39.9,116.3"] }],
  ])("%s", (search, want) => expect(JSON.parse(JSON.stringify(wish(search, all)))).toEqual(want));
});
