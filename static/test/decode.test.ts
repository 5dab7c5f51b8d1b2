import Point from "@mapbox/point-geometry";
import { expect, it } from "vitest";
import { join } from "../src/map/decode";

const line = (...xy: number[]) => Array.from({ length: xy.length / 2 }, (_, i) => new Point(xy[2 * i]!, xy[2 * i + 1]!));
const flat = (lines: Point[][]) => lines.map((l) => l.flatMap((p) => [p.x, p.y]));

//   a──b──c──d      pieces of one street, one of them drawn backwards
//         │
//         e         and a turn of the same name, which is another label
it("joins the pieces of a street that go straight on", () => {
  const got = join([line(10, 0, 20, 0), line(10, 0, 0, 0), line(20, 0, 30, 0), line(20, 0, 20, 10)]);
  expect(got.length).toBe(2);
  const [long, short] = flat(got).sort((a, b) => b.length - a.length);
  expect([long!.join(), [...long!].join()]).toContain(long!.join());
  expect(new Set([long![0], long![long!.length - 2]])).toEqual(new Set([0, 30]));
  expect(short!.length).toBe(4);
});

it("ends at rings and keeps every piece once", () => {
  const ring = [line(0, 0, 10, 0), line(10, 0, 10, 10), line(10, 10, 0, 10), line(0, 10, 0, 0)];
  const pieces = join(ring);
  const length = pieces.flat().length - pieces.length;
  expect(length).toBe(4);
});
