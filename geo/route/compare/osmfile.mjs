// Writes small OpenStreetMap extracts in the PBF format.
import { writeFile } from 'node:fs/promises'
import { deflateSync } from 'node:zlib'

const varint = (value) => {
  const out = []
  let v = BigInt.asUintN(64, BigInt(value))
  do {
    out.push(Number(v & 127n) | (v > 127n ? 128 : 0))
    v >>= 7n
  } while (v)
  return Buffer.from(out)
}
const zigzag = (v) => (BigInt(v) << 1n) ^ (BigInt(v) >> 63n)
const field = (number, bytes) => Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes])
const scalar = (number, value) => Buffer.concat([varint(number << 3), varint(value)])
const packed = (number, values) => field(number, Buffer.concat(values.map(varint)))
const deltas = (values) => values.map((v, i) => zigzag(BigInt(v) - (i ? BigInt(values[i - 1]) : 0n)))

function blob(type, data) {
  const body = Buffer.concat([scalar(2, data.length), field(3, deflateSync(data))])
  const head = Buffer.concat([field(1, Buffer.from(type)), scalar(3, body.length)])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(head.length)
  return Buffer.concat([length, head, body])
}

/** Writes nodes {id, lon, lat, tags} and ways {id, nodes, tags}. */
export async function writeOSM(file, nodes, ways) {
  const strings = ['']
  const index = new Map()
  const text = (s) => {
    if (!index.has(s)) {
      index.set(s, strings.length)
      strings.push(s)
    }
    return index.get(s)
  }
  const sorted = [...nodes].sort((a, b) => a.id - b.id)
  const units = (degrees) => Math.round(degrees * 1e7)
  const dense = Buffer.concat([
    packed(1, deltas(sorted.map((n) => n.id))),
    packed(8, deltas(sorted.map((n) => units(n.lat)))),
    packed(9, deltas(sorted.map((n) => units(n.lon)))),
    packed(10, sorted.flatMap((n) => [...Object.entries(n.tags ?? {}).flatMap(([k, v]) => [text(k), text(v)]), 0])),
  ])
  const lines = [...ways].sort((a, b) => a.id - b.id).map((w) => {
    const tags = Object.entries(w.tags)
    return field(3, Buffer.concat([scalar(1, w.id), packed(2, tags.map(([k]) => text(k))), packed(3, tags.map(([, v]) => text(v))), packed(8, deltas(w.nodes))]))
  })
  const groups = [field(2, field(2, dense)), field(2, Buffer.concat(lines))]
  const table = field(1, Buffer.concat(strings.map((s) => field(1, Buffer.from(s)))))
  const header = Buffer.concat([field(4, Buffer.from('OsmSchema-V0.6')), field(4, Buffer.from('DenseNodes'))])
  const block = Buffer.concat([table, ...groups, scalar(17, 100)])
  await writeFile(file, Buffer.concat([blob('OSMHeader', header), blob('OSMData', block)]))
}
