import { describe, expect, it } from "vitest";
import { inZone, localAt, offsetIn } from "../src/words/format";

const summer = Date.parse("2026-07-01T00:00:00Z");
const winter = Date.parse("2026-01-01T00:00:00Z");

describe("clocks of a zone", () => {
  it.each([
    ["Asia/Shanghai", summer, 480],
    ["Asia/Kolkata", summer, 330],
    ["America/New_York", summer, -240],
    ["America/New_York", winter, -300],
    ["America/St_Johns", winter, -210],
    ["Asia/Nowhere", winter, undefined],
  ])("%s", (zone, at, want) => expect(offsetIn(zone, at)).toBe(want));

  it("shows and reads the same moment", () => {
    for (const zone of ["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "America/St_Johns"]) {
      for (let at = winter; at < winter + 366 * 86_400_000; at += 7 * 3_600_000) {
        const off = (e: number) => offsetIn(zone, e)!;
        const local = localAt(at, off(at));
        const back = Date.parse(inZone(local, off));
        // An hour that the clocks run through twice may be either of the two.
        if (localAt(back, off(back)) !== local) throw new Error(`${zone} ${local} came back as ${localAt(back, off(back))}`);
      }
    }
  });

  it("reads twelve o'clock of Beijing", () => expect(inZone("2026-11-25T12:30", () => 480)).toBe("2026-11-25T12:30:00+08:00"));
});
