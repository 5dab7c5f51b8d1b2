// The two engines: Valhalla in process, yizhan as a server on loopback.
import { execFile, spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Actor, getConfig } from '@valhallajs/valhallajs'

const run = promisify(execFile)
const here = path.dirname(fileURLToPath(import.meta.url))
const quiet = { maxBuffer: 1 << 28 }

/** Builds Valhalla's tiles from an extract and opens them. */
export async function valhalla(extract, work) {
  await mkdir(work, { recursive: true })
  const config = await getConfig({ tileDir: path.join(work, 'tiles'), tileExtract: path.join(work, 'tiles.tar') })
  config.mjolnir.concurrency = 1
  const file = path.join(work, 'valhalla.json')
  await writeFile(file, JSON.stringify(config))
  const cli = path.join(here, 'node_modules', '.bin', 'valhalla')
  await run(cli, ['build_tiles', '-c', file, extract], { ...quiet, cwd: work })
  return Actor.fromConfigFile(file)
}

/** Imports an extract with the yizhan binary and serves it; stop() ends it. */
export async function yizhan(binary, extract, work, zone) {
  await mkdir(work, { recursive: true })
  const data = path.join(work, 'data')
  await run(binary, ['import', 'osm', extract, '--data', data, '--quiet'], quiet)
  const port = await freePort()
  const server = spawn(binary, ['serve', '--data', data, '--listen', `127.0.0.1:${port}`, '--tz', zone], { stdio: 'ignore' })
  const base = `http://127.0.0.1:${port}`
  for (let i = 0; ; i++) {
    try {
      if ((await fetch(`${base}/readyz`)).ok) break
    } catch {
      if (i > 200) throw new Error('yizhan does not begin to serve')
    }
    await new Promise((done) => setTimeout(done, 50))
  }
  return {
    stop: () => server.kill(),
    /** The options of a route; none where there is no way. */
    async route(from, to, by, depart) {
      const query = new URLSearchParams({ from: from.join(), to: Array.isArray(to) ? to.join() : to, by, depart })
      const answer = await (await fetch(`${base}/api/route?${query}`)).json()
      return { options: answer.options ?? [], detail: answer.detail }
    },
  }
}

function freePort() {
  return new Promise((done, fail) => {
    const probe = createServer().once('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => done(port))
    })
  })
}

/** The pedestrian costing that asks for the shortest way. */
export const shortest = { costing: 'pedestrian', costing_options: { pedestrian: { shortest: true, use_ferry: 0 } }, directions_type: 'none' }

const place = ([lon, lat]) => ({ lon, lat, radius: 0 })

/** Valhalla's way: metres and the line, null where there is none. */
export async function walk(actor, from, to, costing = shortest) {
  try {
    const { trip } = await actor.route({ ...costing, locations: [place(from), place(to)] })
    return { metres: trip.summary.length * 1000, ferry: trip.summary.has_ferry, line: trip.legs.flatMap((l) => decode(l.shape)) }
  } catch {
    return null
  }
}

/** Reads a polyline of six decimals. */
export function decode(text) {
  const line = []
  let at = 0, lat = 0, lon = 0
  const next = () => {
    let value = 0, shift = 0, byte
    do {
      byte = text.charCodeAt(at++) - 63
      value |= (byte & 31) << shift
      shift += 5
    } while (byte >= 32)
    return value & 1 ? ~(value >> 1) : value >> 1
  }
  while (at < text.length) {
    lat += next()
    lon += next()
    line.push([lon / 1e6, lat / 1e6])
  }
  return line
}

/** Metres between two points on the sphere. */
export function metres([a, b], [c, d]) {
  const r = Math.PI / 180
  const h = Math.sin(((d - b) * r) / 2) ** 2 + Math.cos(b * r) * Math.cos(d * r) * Math.sin(((c - a) * r) / 2) ** 2
  return 2 * 6371008.8 * Math.asin(Math.sqrt(h))
}

/** A generator of random numbers in [0,1) from a seed (mulberry32). */
export function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
