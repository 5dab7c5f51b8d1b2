import { describe, expect, it } from "vitest";
import { stale } from "../src/live";

describe("stale", () => {
  it.each([
    [[], { base: true, places: true }],
    [["station"], { base: false, places: true }],
    [["closure"], { base: false, places: false }],
    [["closure", "gate"], { base: false, places: true }],
    [["base"], { base: true, places: false }],
    [["compound"], { base: true, places: false }],
    [["building", "street"], { base: true, places: false }],
    [["charger", "street"], { base: true, places: true }],
  ])("after a change of %j", (layers, want) => {
    expect(stale(layers)).toEqual(want);
  });
});
