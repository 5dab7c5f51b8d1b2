// Foot distances of random pairs, by yizhan and by Valhalla.
//
//   node distances.mjs --data FOLDER [--yizhan ../../../bin/yizhan] [--pairs 1000] [--work DIR]
//
// Prints one table row per city, and writes every pair that differs by more
// than 5 % to outliers-CITY.json in the work folder, with the shortest stretch
// of the shorter way that the other engine does not walk.
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { metres, random, valhalla, walk, yizhan } from './engines.mjs'

const cities = [
  { name: 'vancouver', zone: 'America/Vancouver', depart: '2026-11-23T12:00:00-08:00', box: [-123.23, 49.2, -123.02, 49.32] },
  { name: 'porto-alegre', zone: 'America/Sao_Paulo', depart: '2026-11-23T12:00:00-03:00', box: [-51.27, -30.12, -51.1, -29.97] },
]

const { values: option } = parseArgs({ options: {
  yizhan: { type: 'string', default: '../../../bin/yizhan' },
  data: { type: 'string' },
  work: { type: 'string', default: 'work' },
  pairs: { type: 'string', default: '1000' },
  city: { type: 'string' },
} })

if (!option.data) throw new Error('name the folder of the extracts with --data')

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]
const percent = (x) => `${(100 * x).toFixed(2)} %`

console.log('| city | pairs | median of the difference | median of its size | p90 | p99 | within 1 % | within 5 % | only yizhan has a way | only Valhalla |')
console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |')
for (const city of cities) {
  if (!option.city || option.city === city.name) await compare(city)
}

async function compare(city) {
  const extract = path.resolve(option.data, `${city.name}.osm.pbf`)
  const work = path.resolve(option.work, city.name)
  await mkdir(work, { recursive: true })
  const actor = await valhalla(extract, work)
  const ours = await yizhan(path.resolve(option.yizhan), extract, work, city.zone)
  const next = random(2026)
  const results = []
  let onlyOurs = 0, onlyTheirs = 0
  const skipped = { ferry: 0, moved: 0 }
  try {
    const wanted = Number(option.pairs)
    while (results.length + onlyOurs + onlyTheirs < wanted) {
      const from = await draw(actor, city.box, next)
      const to = await draw(actor, city.box, next)
      const line = from && to ? metres(from, to) : 0
      if (line < 500 || line > 5000) continue
      const theirs = await walk(actor, from, to)
      const answer = await ours.route(from, to, 'foot', city.depart)
      const way = answer.options.find((o) => o.legs?.length)
      if (!theirs && !way) continue
      if (theirs?.ferry) {
        skipped.ferry++
        continue
      }
      if ((theirs && moved(theirs.line, from, to)) || (way && offMap(way))) {
        skipped.moved++
        continue
      }
      if (!theirs) onlyOurs++
      else if (!way) {
        onlyTheirs++
        results.refused ??= []
        results.refused.push({ from, to, theirs: theirs.metres, detail: answer.detail ?? answer.options[0]?.reason?.en })
      } else results.push({ from, to, ours: way.distance_m, theirs: theirs.metres, way, theirLine: theirs.line })
    }
    report(city, results, onlyOurs, onlyTheirs)
    console.error(`${city.name}: left out ${skipped.ferry} pairs by ferry, ${skipped.moved} with an end on ways that nothing joins to the rest`)
    const outliers = []
    for (const r of results.filter((r) => Math.abs(r.ours / r.theirs - 1) > 0.05)) outliers.push(await explain(r, actor, ours, city))
    await writeFile(path.join(work, `outliers-${city.name}.json`), JSON.stringify({ outliers, refused: results.refused ?? [] }, null, 1))
  } finally {
    ours.stop()
  }
}

/** Says whether a line begins or ends elsewhere than asked: the point lay on ways that nothing joins to the rest. */
function moved(line, from, to) {
  return metres(line[0], from) > 10 || metres(line.at(-1), to) > 10
}

/** Says whether our way leads over more than 50 m that are not mapped, for the same reason. */
function offMap(way) {
  return /not mapped|nearest street/.test(way.reason?.en ?? '')
}

/** A random point of a way that Valhalla walks, null where none is near. */
async function draw(actor, [west, south, east, north], next) {
  const lon = west + (east - west) * next(), lat = south + (north - south) * next()
  try {
    const [found] = await actor.locate({ locations: [{ lon, lat }], costing: 'pedestrian', verbose: false })
    const edge = found.edges?.[0]
    if (!edge || metres([lon, lat], [edge.correlated_lon, edge.correlated_lat]) > 300) return null
    return [edge.correlated_lon, edge.correlated_lat]
  } catch {
    return null
  }
}

function report(city, results, onlyOurs, onlyTheirs) {
  const signed = results.map((r) => r.ours / r.theirs - 1).sort((a, b) => a - b)
  const size = signed.map(Math.abs).sort((a, b) => a - b)
  const within = (x) => percent(size.filter((d) => d <= x).length / size.length)
  console.log(`| ${city.name} | ${results.length} | ${percent(quantile(signed, 0.5))} | ${percent(quantile(size, 0.5))} | ${percent(quantile(size, 0.9))} | ${percent(quantile(size, 0.99))} | ${within(0.01)} | ${within(0.05)} | ${onlyOurs} | ${onlyTheirs} |`)
}

/** The OSM ways along a stretch of a line. */
async function waysAt(actor, a, b, line) {
  const part = line.slice(line.indexOf(a), line.indexOf(b) + 1)
  const middles = part.slice(1).map((p, i) => ({ lon: (p[0] + part[i][0]) / 2, lat: (p[1] + part[i][1]) / 2 }))
  const ways = new Set()
  for (const p of middles.slice(0, 40)) {
    try {
      const [found] = await actor.locate({ locations: [p], costing: 'pedestrian', verbose: true })
      if (found.edges?.[0]) ways.add(found.edges[0].edge_info.way_id)
    } catch {
      // nothing is near: the stretch is off the other engine's ways
    }
  }
  return [...ways]
}

/** Where the shorter way leads along what the other engine does not walk, and on which OSM ways. */
async function explain(r, actor, ours, city) {
  const ourLine = r.way.legs.flatMap((l) => l.geometry.coordinates)
  const longer = r.ours > r.theirs
  const line = longer ? r.theirLine : ourLine
  const stretch = await firstDetour(line, async (a, b) => {
    if (!longer) return (await walk(actor, a, b))?.metres ?? Infinity
    const way = (await ours.route(a, b, 'foot', city.depart)).options.find((o) => o.legs?.length)
    return way?.distance_m ?? Infinity
  })
  if (stretch) stretch.ways = await waysAt(actor, stretch.a, stretch.b, line)
  return { from: r.from, to: r.to, ours: Math.round(r.ours), theirs: Math.round(r.theirs), verdict: r.way.verdict, longer: longer ? 'ours' : 'theirs', stretch }
}

/**
 * The shortest stretch of a line beside which the other engine's way is much
 * longer: stretches of 80 m are tried, then of 160 m and so on, as one may
 * walk on a private way that begins or ends there, but not through it.
 */
async function firstDetour(line, other) {
  const along = [0]
  for (let i = 1; i < line.length; i++) along.push(along[i - 1] + metres(line[i - 1], line[i]))
  for (let size = 80; size < 2 * along.at(-1); size *= 2) {
    let worst = { extra: Math.max(20, size / 25) }
    for (let i = 0, j = 0; j < line.length - 1; i = along.findIndex((d) => d > along[i] + size / 2)) {
      if (i < 0) break
      j = along.findIndex((d) => d >= along[i] + size)
      if (j < 0) j = line.length - 1
      const got = await other(line[i], line[j])
      const extra = got - (along[j] - along[i])
      if (extra > worst.extra) worst = { a: line[i], b: line[j], along: Math.round(along[j] - along[i]), other: Number.isFinite(got) ? Math.round(got) : null, extra }
    }
    if (worst.a) return worst
  }
  return null
}
