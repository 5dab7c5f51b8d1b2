// What either engine does at gates: a compound for each case, in one made-up
// extract that both import.
//
//   node gates.mjs --yizhan ../../../bin/yizhan [--work DIR]
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { valhalla, walk, yizhan } from './engines.mjs'
import { writeOSM } from './osmfile.mjs'

const { values: option } = parseArgs({ options: {
  yizhan: { type: 'string', default: '../../../bin/yizhan' },
  work: { type: 'string', default: 'work' },
} })

const day = '06:00-22:00'
/** gate and way are tags of the gate under test and of the way behind it; want is what is right at noon and at night. */
const cases = [
  { name: '`barrier=gate`', gate: {}, want: ['through', 'through'] },
  { name: 'gate `locked=yes`', gate: { locked: 'yes' }, want: ['round', 'round'] },
  { name: 'gate `opening_hours`', gate: { opening_hours: day }, want: ['through', 'round'] },
  { name: 'gate `access=yes`, `access:conditional=no @ (22:00-06:00)`', gate: { access: 'yes', 'access:conditional': 'no @ (22:00-06:00)' }, want: ['through', 'round'] },
  { name: 'gate `access=no`, `foot:conditional=yes @ (06:00-22:00)`', gate: { access: 'no', 'foot:conditional': 'yes @ (06:00-22:00)' }, want: ['through', 'round'] },
  { name: 'way `opening_hours`', gate: { access: 'yes' }, way: { opening_hours: day }, want: ['through', 'round'] },
  { name: 'way `foot:conditional=no @ (22:00-06:00)`', gate: { access: 'yes' }, way: { 'foot:conditional': 'no @ (22:00-06:00)' }, want: ['through', 'round'] },
  { name: 'gate `access=private`', gate: { access: 'private' }, want: ['through', 'through'] },
  { name: 'gate `access=delivery`', gate: { access: 'delivery' }, want: ['through', 'through'] },
  { name: 'gate `access=private;delivery`', gate: { access: 'private;delivery' }, want: ['through', 'through'] },
  { name: 'gate `access=no`, `foot=delivery`', gate: { access: 'no', foot: 'delivery' }, want: ['through', 'through'] },
  { name: 'gate `access=no`', gate: { access: 'no' }, want: ['round', 'round'] },
  { name: 'gate `access=military`', gate: { access: 'military' }, want: ['round', 'round'] },
  { name: 'node `barrier=wall`', gate: { barrier: 'wall' }, want: ['round', 'round'] },
  { name: 'full-height turnstile, riding', by: 'bicycle', gate: { barrier: 'full-height_turnstile' }, want: ['no riding', 'no riding'] },
  { name: 'gate `bicycle=no`, riding', by: 'bicycle', gate: { access: 'yes', bicycle: 'no' }, want: ['no riding', 'no riding'] },
  { name: 'gate `electric_bicycle=no`, riding', by: 'ebike', gate: { access: 'yes', electric_bicycle: 'no' }, want: ['no riding', 'no riding'] },
  { name: 'building behind the wall', building: true, gate: { access: 'yes' }, want: ['255 m', '255 m'] },
]

const degree = (6371008.8 * Math.PI) / 180
const nodes = [], ways = []
let id = 0
const node = (at, x, y, tags) => {
  id++
  const lat = at[1] + y / degree
  nodes.push({ id, lon: at[0] + x / degree / Math.cos((at[1] * Math.PI) / 180), lat, tags })
  return id
}
const way = (tags, ...list) => ways.push({ id: ++id, nodes: list, tags })
const point = (n) => {
  const found = nodes.find((x) => x.id === n)
  return [found.lon, found.lat]
}
const street = { highway: 'residential' }, drive = { highway: 'service' }

/** A wall with the gate under test near the start, and one that is always open 1.6 km round. */
function court(at, c) {
  const west = node(at, -700, 0), start = node(at, -10, 0), front = node(at, 0, 0), east = node(at, 200, 0)
  const gate = node(at, 0, 30, { barrier: 'gate', ...c.gate }), inner = node(at, 0, 80), end = node(at, 50, 80)
  const back = node(at, 0, 160), corner = node(at, -700, 160), open = node(at, 0, 130, { barrier: 'gate', access: 'yes' })
  way(street, west, start, front, east)
  way(street, west, corner, back)
  way(drive, front, gate)
  way({ ...drive, ...c.way }, gate, inner)
  way(drive, inner, end)
  way(drive, back, open, inner)
  wall(at, gate, open, -100, 30, 100, 130)
  return { from: point(start), to: point(end), gate: point(gate) }
}

function wall(at, gate, open, x0, y0, x1, y1) {
  const a = node(at, x0, y0), b = node(at, x1, y0), c = node(at, x1, y1), d = node(at, x0, y1)
  way({ landuse: 'residential', residential: 'gated', barrier: 'fence', name: `Court ${id}` }, a, gate, b, c, ...(open ? [open] : []), d, a)
}

/** The building 13 m behind the wall, 32 m from the path inside. */
function behind(at, c) {
  const start = node(at, -88, -10), west = node(at, -104, -10), front = node(at, 60, -10), corner = node(at, -104, 120), far = node(at, 200, 120)
  const gate = node(at, 60, 0, { barrier: 'gate', ...c.gate }), inner = node(at, 60, 65), left = node(at, 20, 65), right = node(at, 100, 65)
  way(street, west, start, front, node(at, 200, -10))
  way(street, west, corner)
  way(street, corner, far)
  way(drive, front, gate, inner)
  way({ highway: 'footway' }, left, inner, right)
  wall(at, gate, 0, 0, 0, 120, 110)
  const house = [node(at, 54, 93), node(at, 66, 93), node(at, 66, 101), node(at, 54, 101)]
  way({ building: 'yes' }, ...house, house[0])
  return { from: point(start), to: [at[0] + 60 / degree / Math.cos((at[1] * Math.PI) / 180), at[1] + 97 / degree], gate: point(gate) }
}

cases.forEach((c, i) => {
  const at = [8 + (i % 6) * 0.02, 45 + Math.floor(i / 6) * 0.02]
  c.at = c.building ? behind(at, c) : court(at, c)
})
// Streets between the cases, so that none of them is an island.
for (let i = 1; i < cases.length; i++) {
  const [a, b] = [cases[i - 1], cases[i]].map((c) => nodes.find((n) => n.lon === c.at.from[0] && n.lat === c.at.from[1]).id)
  way(street, a, b)
}

const work = path.resolve(option.work, 'gates')
await mkdir(work, { recursive: true })
const extract = path.join(work, 'gates.osm.pbf')
await writeOSM(extract, nodes, ways)
const actor = await valhalla(extract, work)
const ours = await yizhan(path.resolve(option.yizhan), extract, work, 'Europe/Rome')
const hours = [['noon', '2026-11-23T12:00'], ['night', '2026-11-23T03:00']]

const judge = (c, line, length, rides) => {
  if (!line) return 'none'
  if (c.building) return `${Math.round(length)} m`
  if (length > 1000) return 'round'
  return c.by && !rides ? 'no riding' : 'through'
}

console.log('| case | right, noon; night | yizhan | Valhalla |')
console.log('| --- | --- | --- | --- |')
const right = { yizhan: 0, Valhalla: 0 }
try {
  for (const c of cases) {
    const got = { yizhan: [], Valhalla: [] }
    for (const [, time] of hours) {
      const by = c.by ?? 'foot'
      const { options } = await ours.route(c.at.from, c.at.to, by, `${time}:00+01:00`)
      const best = options.find((o) => o.legs?.length)
      const rides = best && best.legs.every((l) => l.mode === by)
      got.yizhan.push(judge(c, best, best?.distance_m, rides))
      const costing = by === 'foot' ? 'pedestrian' : 'bicycle'
      const theirs = await walk(actor, c.at.from, c.at.to, { costing, directions_type: 'none', date_time: { type: 1, value: time } })
      got.Valhalla.push(judge(c, theirs, theirs?.metres, true) + (c.building ? ', to the street outside' : ''))
    }
    const cell = (list) => (list[0] === list[1] ? list[0] : list.join('; '))
    const near = (a, b) => a === b || (c.building && Math.abs(parseFloat(a) - parseFloat(b)) <= 2)
    for (const engine of Object.keys(right)) right[engine] += got[engine].filter((g, i) => near(g, c.want[i]) || (c.by && g === 'round')).length
    console.log(`| ${c.name} | ${cell(c.want)} | ${cell(got.yizhan)} | ${cell(got.Valhalla)} |`)
  }
} finally {
  ours.stop()
}
const asked = cases.length * hours.length
console.log(`| right of ${asked} | | ${right.yizhan} | ${right.Valhalla} |`)
