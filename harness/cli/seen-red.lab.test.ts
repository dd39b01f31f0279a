import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pLimit from 'p-limit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { mintName } from '../../lab/host/mint.ts'
import { settleAll } from '../../lab/host/settle.ts'
import { labDown, labHeal, labSabotage, labUp } from '../../lab/lab.ts'
import { sabotages } from '../../lab/sabotage/registry.ts'
import type { Sabotage } from '../../lab/sabotage/sabotage.ts'
import { differencesFrom, redIn, type VerifyRun, verifyRun } from '../../lab/sabotage/testing/verify-run.ts'
import { exitCodes } from '../core/exit.ts'
import { checks } from '../judge/checks.ts'

/** Most of the time goes into waiting for an engine, so two hosts take little more than half of it. */
const labs = [mintName('pvlab'), mintName('pvlab')]
const free = [...labs]
const configs = new Map<string, { readonly direct: string; readonly socks: string }>()
const outcomes = new Map<string, Promise<VerifyRun>>()
const stop = new AbortController()
const progress = () => undefined
let files = ''

beforeAll(async () => {
  files = await mkdtemp(join(tmpdir(), 'pvcheck-seen-red-'))
  await settleAll(labs.map(raise))
}, 600_000)

afterAll(async () => {
  stop.abort(new Error('the tests are over'))
  await Promise.allSettled(outcomes.values())
  for (const name of labs) await labDown({ which: { name }, progress })
  await rm(files, { recursive: true, force: true })
}, 120_000)

test('a practice host is green before anybody touches it', { timeout: 60_000 }, async () => {
  await settleAll(labs.map(expectGreen))
})

describe('pvcheck verify', () => {
  // biome-ignore lint/correctness/noEmptyPattern: vitest insists on a pattern, from which it reads what is asked for.
  beforeAll(({}, { tasks }) => {
    // With `-t` only those that are asked for.
    const wanted = sabotages.filter((_, index) => tasks[index]?.mode === 'run')
    const work = pLimit(labs.length)
    for (const sabotage of wanted) {
      const outcome = work(() => onFreeHost((lab) => breakAndHeal(lab, sabotage)))
      outcomes.set(sabotage.name, outcome)
      // What went wrong is told by the test that asks for it; the next one has its own try.
      outcome.catch(() => undefined)
    }
  })

  // That the one before was healed is seen by it, too: exactly its own checks turn.
  test.for(sabotages)('sees $name', { timeout: 900_000 }, async (sabotage) => {
    const broken = await outcomes.get(sabotage.name)
    if (broken === undefined) throw new Error('it was not tried')
    if (sabotage.stops === undefined) expectFindings(broken, sabotage)
    else expectStop(broken, sabotage)
    expectExcuses(broken, sabotage)
  })

  test('is green when all of it is healed', { timeout: 120_000 }, async () => {
    await Promise.allSettled(outcomes.values())
    await settleAll(labs.map(expectGreen))
  })
})

async function expectGreen(lab: string): Promise<void> {
  const healed = await verify(lab)
  expect(redIn(healed)).toEqual([])
  expect(healed.exit).toBe(exitCodes.pass.code)
}

async function onFreeHost<T>(work: (lab: string) => Promise<T>): Promise<T> {
  const lab = free.shift()
  if (lab === undefined) throw new Error('more work at once than hosts')
  try {
    return await work(lab)
  } finally {
    free.push(lab)
  }
}

async function raise(name: string): Promise<void> {
  const machine = await labUp({ name, refreshMs: 500, progress })
  const config: unknown = JSON.parse(await readFile(join(machine.dir, 'pvcheck.config.json'), 'utf8'))
  // Beside the files that they name.
  const direct = join(machine.dir, 'seen-red.config.json')
  const socks = join(machine.dir, 'seen-red-socks.config.json')
  const hasty = forHaste(config)
  await writeFile(direct, JSON.stringify(hasty))
  await writeFile(socks, JSON.stringify(throughSocks(hasty, machine.address)))
  configs.set(name, { direct, socks })
}

async function breakAndHeal(lab: string, sabotage: Sabotage): Promise<VerifyRun> {
  const { name } = sabotage
  const through = sabotage.through ?? 'direct'
  const { signal } = stop
  signal.throwIfAborted()
  try {
    await labSabotage(lab, name, signal)
    const broken = await verify(lab, through)
    await labHeal(lab, name, signal)
    return broken
  } catch (error) {
    // The next one is to find the host as it was.
    if (!signal.aborted) await labHeal(lab, name, signal)
    throw error
  }
}

function expectFindings(run: VerifyRun, { reddens }: Sabotage): void {
  expect(differencesFrom(reddens, run)).toEqual([])
  expect([run.troubles, notJudged(run)]).toEqual([[], []])
  const verdicts = Object.values(reddens).map(({ verdict }) => verdict)
  expect(run.exit).toBe(exitCodes[exitNameOf(verdicts)].code)
}

/** What does not apply then says why, and is not taken for well. */
function expectExcuses({ findings }: VerifyRun, { excuses = {} }: Sabotage): void {
  for (const [id, why] of Object.entries(excuses)) {
    const found = findings.filter(({ check }) => check === id)
    expect(found.map(({ verdict }) => verdict)).toEqual(['n/a'])
    expect(found[0]?.reason).toMatch(why)
  }
}

function exitNameOf(verdicts: readonly string[]) {
  if (verdicts.includes('fail')) return 'failed'
  return verdicts.includes('unknown') ? 'unknown' : 'pass'
}

/** One trouble that names the cause and a remedy, and no check that passes for judged. */
function expectStop(run: VerifyRun, { reddens, stops }: Sabotage): void {
  expect(run.troubles.map(({ code }) => code)).toEqual([stops])
  for (const { says } of Object.values(reddens)) expect(run.troubles[0]?.seen).toMatch(says)
  expect(run.troubles[0]?.remedy).not.toBe('')
  expect(run.findings).toEqual([])
  expect(notJudged(run).sort()).toEqual(checks.map(({ id }) => id).sort())
  expect(run.exit).toBe(exitCodes.blocked.code)
}

/** The checks of acting runs are left out of one that only asks, by choice. */
function notJudged({ skipped }: VerifyRun): string[] {
  const asked = new Set<string>(checks.map(({ id }) => id))
  return skipped.map(({ check }) => check).filter((check) => asked.has(check))
}

function verify(lab: string, through: 'direct' | 'socks' = 'direct'): Promise<VerifyRun> {
  const options = ['--read-only', '--config', configs.get(lab)?.[through] ?? '', '--reports', join(files, lab)]
  return verifyRun(options, stop.signal)
}

/**
 * So that a task counts as stuck after seconds instead of a minute, and nobody waits long; with one route that is led from
 * http to https. From before the first run, and for all of them.
 */
function forHaste(config: unknown) {
  const { target, expect: wanted, ...rest } = configSchema.parse(config)
  const fromPlain = wanted.routes.filter(({ url }) => url === 'https://report.ci.lab.test/')
  const routes = [
    ...wanted.routes,
    ...fromPlain.map((route) => ({ ...route, name: plainRoute, url: plainRoute, follow: 3 })),
  ]
  // The router itself gives up on a backend after 3 s.
  const timeouts = { connectSeconds: 3, tlsSeconds: 3, firstByteSeconds: 5, bodySeconds: 5 }
  return {
    ...rest,
    target: { ...target, http: { ...target.http, timeouts } },
    expect: { ...wanted, routes, tasks: { stuckAfterSeconds: 3 } },
  }
}

/** The same, but that the host itself looks up where names lead. */
function throughSocks({ target, ...rest }: ReturnType<typeof forHaste>, address: string): unknown {
  const { resolve: _, ...http } = target.http
  return { ...rest, target: { ...target, http: { ...http, proxy: `socks5h://${address}:1080` } } }
}

const plainRoute = 'http://report.ci.lab.test/'

const configSchema = z.looseObject({
  target: z.looseObject({ http: z.looseObject({ resolve: z.unknown() }) }),
  expect: z.looseObject({ routes: z.array(z.looseObject({ url: z.string() })) }),
})
