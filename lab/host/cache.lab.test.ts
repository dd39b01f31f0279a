import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { pollUntil } from '../../harness/core/poll.ts'
import { labAsset, packageRoot } from './asset.ts'
import { baseLayer } from './base.ts'
import { runBound } from './bound-child.ts'
import { type Layer, layerPath, takeLayer } from './cache.ts'
import { pruneCache } from './housekeeping.ts'
import { killGroup, startLabUp } from './testing/lab-process.ts'
import { ownStateHome } from './testing/state-home.ts'
import { type Identity, identify, traces } from './testing/traces.ts'

// A cache of our own, as what is tested is how it is filled.
let home: string
let cache: string
const { XDG_CACHE_HOME: before } = process.env
const progress = () => undefined

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pvlab-cache-'))
  process.env['XDG_CACHE_HOME'] = home
  cache = join(home, 'pvcheck', 'lab')
})

afterEach(() => {
  if (before === undefined) delete process.env['XDG_CACHE_HOME']
  else process.env['XDG_CACHE_HOME'] = before
  rmSync(home, { recursive: true, force: true })
})

/** Writes one half, waits until it may go on, writes the other half. */
function twoHalves(): Layer {
  const go = join(home, 'go')
  return {
    kind: 'halves',
    key: '0',
    async build(folder) {
      const script = 'echo 1 >"$1/first"; while [ ! -e "$2" ]; do sleep 0.02; done; echo 2 >"$1/second"'
      await runBound(script, [folder, go])
    },
  }
}

/** The same build in a process of its own, which can be killed. */
function startBuild(): ChildProcess {
  const script = `
    import { createJiti } from 'jiti'
    const jiti = createJiti(process.cwd() + '/')
    const { takeLayer } = await jiti.import(process.argv[1] + '/cache.ts')
    const { runBound } = await jiti.import(process.argv[1] + '/bound-child.ts')
    const build = (folder) => runBound(process.argv[2], [folder, process.argv[3]])
    await takeLayer({ kind: 'halves', key: '0', build }, { progress: () => undefined })
  `
  const halves = 'echo 1 >"$1/first"; while [ ! -e "$2" ]; do sleep 0.02; done; echo 2 >"$1/second"'
  const argv = ['--input-type=module', '--eval', script, labAsset('host'), halves, join(home, 'go')]
  return spawn(process.execPath, argv, { cwd: packageRoot(), detached: true, stdio: ['ignore', 'ignore', 'inherit'] })
}

const temporaries = () => (existsSync(cache) ? readdirSync(cache) : []).filter((name) => name.startsWith('.halves'))

async function untilHalf(): Promise<void> {
  await pollUntil<void>(
    async () => {
      const [temporary] = temporaries()
      const half = temporary !== undefined && existsSync(join(cache, temporary, 'first'))
      return half ? { done: true, value: undefined } : { done: false, state: `there is ${temporary}` }
    },
    { what: 'the first half to be built', timeoutMs: 20_000, intervalMs: 5 },
  )
}

/** Processes that have a word of ours in their command line. */
function processesAbout(word: string): string[] {
  return execFileSync('ps', ['-eo', 'stat=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(word) && !line.startsWith('Z') && !line.includes('ps -eo'))
}

describe('a build that is killed half way', () => {
  test('leaves nothing under the layer’s name, and nothing that goes on; the next one builds it whole', async () => {
    const child = startBuild()
    await untilHalf()
    await killGroup(child, 'SIGKILL')
    expect(existsSync(join(cache, 'halves-0'))).toBe(false)
    await pollUntil<void>(
      async () => {
        const left = processesAbout(home)
        return left.length === 0 ? { done: true, value: undefined } : { done: false, state: left.join('; ') }
      },
      { what: 'its processes to end', timeoutMs: 2000, intervalMs: 20 },
    )
    const [dead] = temporaries()
    expect(dead).toBeDefined()
    writeFileSync(join(home, 'go'), '')
    const { path, built } = await takeLayer(twoHalves(), { progress })
    expect(built).toBe(true)
    expect(['first', 'second'].map((name) => readFileSync(join(path, name), 'utf8'))).toEqual(['1\n', '2\n'])
    expect(temporaries()).toEqual([])
  }, 30_000)
})

describe('two that want a layer at once', () => {
  test('get the same one: one builds, the other waits and says so', async () => {
    const child = startBuild()
    await untilHalf()
    const lines: string[] = []
    const waiter = takeLayer(twoHalves(), { progress: (line) => lines.push(line) })
    await pollUntil<void>(
      async () => (lines.length > 0 ? { done: true, value: undefined } : { done: false, state: 'silent' }),
      { what: 'the second to say that it waits', timeoutMs: 5000, intervalMs: 20 },
    )
    expect(temporaries()).toHaveLength(1)
    const gone = once(child, 'exit')
    writeFileSync(join(home, 'go'), '')
    const { path } = await waiter
    expect(lines).toEqual(['waiting for another lab to build halves-0'])
    expect(readdirSync(path).sort()).toEqual(['first', 'second'])
    expect((await gone)[0]).toBe(0)
  }, 30_000)

  test('do not wait any longer when they are told to stop', async () => {
    const child = startBuild()
    await untilHalf()
    const stop = new AbortController()
    const waiter = takeLayer(twoHalves(), { signal: stop.signal, progress: () => stop.abort(new Error('enough')) })
    await expect(waiter).rejects.toThrow('enough')
    await killGroup(child, 'SIGKILL')
  }, 30_000)
})

describe('the root file system', () => {
  test('leaves neither mount nor process nor folder when its build is stopped', async () => {
    const stop = new AbortController()
    const building = takeLayer(baseLayer({ signal: stop.signal, progress }), { signal: stop.signal, progress })
    const ended = expect(building).rejects.toThrow('stopped')
    await pollUntil<void>(
      async () => {
        const [temporary] = existsSync(cache) ? readdirSync(cache).filter((name) => name.startsWith('.base')) : []
        const archives = join(cache, temporary ?? 'none', 'root', 'var', 'cache', 'apt', 'archives')
        const loaded = existsSync(archives) && readdirSync(archives).some((name) => name.endsWith('.deb'))
        return loaded ? { done: true, value: undefined } : { done: false, state: processesAbout(home).join('; ') }
      },
      { what: 'the first package to be there', timeoutMs: 60_000, intervalMs: 20 },
    )
    expect(processesAbout(home)).not.toEqual([])
    stop.abort(new Error('stopped'))
    await ended
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(home)
    expect(readdirSync(cache)).toEqual(['.locks'])
    expect(processesAbout(home)).toEqual([])
  }, 90_000)
})

describe('a lab up that is killed while it builds the images', () => {
  test('leaves no images in the cache, and a builder that is removed without a trace', async () => {
    const state = ownStateHome()
    // The root file system is there already, so that only the images are built.
    const base = baseLayer({ progress })
    const { XDG_CACHE_HOME: own } = process.env
    if (before === undefined) delete process.env['XDG_CACHE_HOME']
    else process.env['XDG_CACHE_HOME'] = before
    const { path } = await takeLayer(base, { progress })
    process.env['XDG_CACHE_HOME'] = own
    mkdirSync(cache, { recursive: true })
    symlinkSync(path, layerPath(base))

    const child = startLabUp('wanted')
    const builder = () => (existsSync(state.labs) ? readdirSync(state.labs) : []).find((name) => /^pvbuild/.test(name))
    const identity = await pollUntil<Identity>(
      async () => {
        const host = identify(join(state.labs, builder() ?? 'none'))
        const boots = host !== undefined && traces(host).some((trace) => trace.includes('dockerd'))
        return boots ? { done: true, value: host } : { done: false, state: `the builder is ${builder()}` }
      },
      { what: 'the builder to run its engine', timeoutMs: 60_000, intervalMs: 20 },
    )
    await killGroup(child, 'SIGKILL')
    expect(readdirSync(cache).filter((name) => name.startsWith('images'))).toEqual([])
    await state.remove()
    expect(traces(identity)).toEqual([])
  }, 120_000)
})

describe('pruning', () => {
  const layer = (key: string): Layer => ({
    kind: 'prune',
    key,
    build: async (folder) => writeFileSync(join(folder, 'x'), ''),
  })
  const take = async (key: string, daysAgo: number) => {
    const { path } = await takeLayer(layer(key), { progress })
    const then = new Date(Date.now() - daysAgo * 24 * 3600 * 1000)
    utimesSync(path, then, then)
    return path
  }

  test('removes layers that nobody took for two weeks, but none that is kept or was taken since', async () => {
    await take('old', 15)
    const kept = await take('kept', 16)
    await take('fresh', 17)
    await takeLayer(layer('fresh'), { progress })
    expect(await pruneCache(Date.now(), [kept])).toEqual(['prune-old'])
    expect(readdirSync(cache).sort()).toEqual(['.locks', 'prune-fresh', 'prune-kept'])
  })

  test('leaves the three of a kind that were taken last', async () => {
    for (const days of [1, 2, 3, 4, 5]) await take(`d${days}`, days)
    expect((await pruneCache(Date.now(), [])).sort()).toEqual(['prune-d4', 'prune-d5'])
  })
})
