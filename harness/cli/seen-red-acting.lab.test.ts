import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pLimit from 'p-limit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { execOn, type LabMachine } from '../../lab/host/machine.ts'
import { mintName } from '../../lab/host/mint.ts'
import { settleAll } from '../../lab/host/settle.ts'
import { targetConfigFile } from '../../lab/host/target-config.ts'
import { labDown, labHeal, labSabotage, labUp } from '../../lab/lab.ts'
import type { ActingSabotage } from '../../lab/sabotage/acting/acting-sabotage.ts'
import { actingSabotages } from '../../lab/sabotage/acting/registry.ts'
import { deedsSince, hostNow, tracesOf } from '../../lab/sabotage/acting/traces.ts'
import { differencesFrom, redIn, runPvcheck, type VerifyRun, verifyRun } from '../../lab/sabotage/testing/verify-run.ts'
import { exitCodes } from '../core/exit.ts'
import { pollUntil } from '../core/poll.ts'
import { isGreen } from '../model/verdict.ts'

/** Most of the time goes into waiting for an engine, so two hosts take little more than half of it. */
const labs = [mintName('pvlab'), mintName('pvlab')]
const machines = new Map<string, LabMachine>()
const outcomes = new Map<string, Promise<Outcome>>()
const stop = new AbortController()
const { signal } = stop
const progress = () => undefined
let files = ''

type Place = 'first' | 'second'

interface Outcome {
  readonly broken: VerifyRun
  /** What was done to the Swarm meanwhile, by anybody. */
  readonly deeds: string
  readonly afterwards: { readonly exitCode: number; readonly said: string }
  /** What is left of the run, on the host and for `pvcheck sweep`: before the host was mended, where it can be. */
  readonly left: string
  /** Where the run touched something, and was not green: else the next one tells, which turns nothing but its own. */
  readonly healed?: VerifyRun
}

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

describe('pvcheck verify, which acts,', () => {
  // biome-ignore lint/correctness/noEmptyPattern: vitest insists on a pattern, from which it reads what is asked for.
  beforeAll(({}, { tasks }) => {
    // With `-t` only those that are asked for.
    const wanted = actingSabotages.filter((_, index) => tasks[index]?.mode === 'run')
    const free = [...machines.values()]
    const work = pLimit(labs.length)
    for (const sabotage of wanted) {
      const outcome = work(async () => {
        const machine = free.shift()
        if (machine === undefined) throw new Error('more work at once than hosts')
        try {
          return await breakAndHeal(machine, sabotage)
        } finally {
          free.push(machine)
        }
      })
      outcomes.set(sabotage.name, outcome)
      // What went wrong is told by the test that asks for it; the next one has its own try.
      outcome.catch(() => undefined)
    }
  })

  test.for(actingSabotages)('sees $name, and leaves nothing', { timeout: 900_000 }, async (sabotage) => {
    const outcome = await outcomes.get(sabotage.name)
    if (outcome === undefined) throw new Error('it was not tried')
    const { broken, deeds, afterwards, left, healed } = outcome
    expect(differencesFrom(sabotage.reddens, broken)).toEqual([])
    expect(broken.troubles.map(({ code }) => code)).toEqual(sabotage.troubles ?? [])
    expect(broken.exit, redIn(broken).join('\n')).toBe(exitCodes[sabotage.exit].code)
    for (const [check, says] of Object.entries(sabotage.tells ?? {})) expect(greenWords(broken, check)).toMatch(says)
    if (!acts(sabotage)) expect(deeds).toBe('')
    expect(afterwards.exitCode, afterwards.said).toBe(0)
    expect(left).toBe('')
    if (healed !== undefined) expect(redIn(healed)).toEqual([])
  })

  test('a practice host is green when all of it is mended', { timeout: 120_000 }, async () => {
    await Promise.allSettled(outcomes.values())
    await settleAll(labs.map(expectGreen))
  })
})

/** Whether the run gets so far as to create anything: else nothing in the Swarm may have been touched. */
function acts({ reddens, troubles = [] }: ActingSabotage): boolean {
  return reddens['PV-HEAD-001']?.verdict !== 'blocked' && !troubles.includes('LOCK_HELD')
}

function greenWords({ findings }: VerifyRun, id: string): string {
  const said = findings.filter(({ check, verdict }) => check === id && isGreen(verdict))
  return said.map(({ subject, actual, reason = '' }) => `${subject}: ${actual}; ${reason}`).join('\n')
}

async function breakAndHeal(machine: LabMachine, sabotage: ActingSabotage): Promise<Outcome> {
  const { name, place = 'first', leaves, stays, exit, afterwards: test = 'true' } = sabotage
  signal.throwIfAborted()
  try {
    await labSabotage(machine.name, name, signal)
    const since = await hostNow(machine, signal)
    const broken = await verify(machine, place)
    const deeds = await deedsSince(machine, since, signal)
    const { exitCode, stdout, stderr } = await execOn(machine, test, { signal })
    const afterwards = { exitCode, said: `${stdout}${stderr}` }
    const isMended = leaves === true || stays === true || exit === 'residue'
    if (isMended) await labHeal(machine.name, name, signal)
    if (leaves === true) await untilSwept(machine, broken.run)
    const left = await leftOf(machine, broken.run)
    if (!isMended) await labHeal(machine.name, name, signal)
    return {
      broken,
      deeds,
      afterwards,
      left,
      ...(acts(sabotage) && exit !== 'pass' ? { healed: await verify(machine) } : {}),
    }
  } catch (error) {
    // The next one is to find the host as it was.
    if (!signal.aborted) await labHeal(machine.name, name, signal)
    throw error
  }
}

async function leftOf(machine: LabMachine, run: string): Promise<string> {
  const { stateDir } = places(machine)
  const intents = join(stateDir, 'pvcheck', 'runs', `${run}.jsonl`)
  const file = await access(intents).then(
    () => intents,
    () => '',
  )
  return [await tracesOf(machine, run, signal), file, await sweep(machine)].join('\n').trim()
}

/** By the janitor of the run, which goes on for a while, or by `pvcheck sweep` once that has given up. */
async function untilSwept(machine: LabMachine, run: string): Promise<void> {
  await pollUntil<true>(
    async (until) => {
      const said = await sweep(machine)
      const traces = await tracesOf(machine, run, until)
      return traces === '' ? { done: true, value: true } : { done: false, state: `${traces}; sweep said: ${said}` }
    },
    { what: 'what the run had left to be swept', timeoutMs: 90_000, intervalMs: 500, signal },
  )
}

/** What `pvcheck sweep` says: nothing, where nothing was to be swept. */
async function sweep(machine: LabMachine): Promise<string> {
  const { stdout, stderr } = await runPvcheck(['sweep', '--config', places(machine).first], signal)
  return `${stdout}${stderr}`.trim()
}

function verify(machine: LabMachine, place: Place = 'first'): Promise<VerifyRun> {
  const at = places(machine)
  return verifyRun(['--config', at[place], '--reports', at.reports], signal)
}

async function expectGreen(name: string): Promise<void> {
  const machine = machines.get(name)
  if (machine === undefined) throw new Error(`${name} is not up`)
  const run = await verify(machine)
  expect(redIn(run)).toEqual([])
  expect(run.exit).toBe(exitCodes.pass.code)
  expect(await leftOf(machine, run.run)).toBe('')
}

function places({ dir, name }: LabMachine) {
  return {
    // Beside the files that they name.
    first: join(dir, 'acting.config.json'),
    second: join(dir, 'acting-second.config.json'),
    reports: join(files, name),
    stateDir: process.env['XDG_STATE_HOME'] ?? join(process.env['HOME'] ?? '', '.local', 'state'),
  }
}

async function raise(name: string): Promise<void> {
  const machine = await labUp({ name, refreshMs: 500, progress })
  const lean = leanOf(JSON.parse(await readFile(join(machine.dir, targetConfigFile), 'utf8')))
  const { first, second } = places(machine)
  await writeFile(first, JSON.stringify(lean({})))
  await writeFile(second, JSON.stringify(lean({ constraints: ['node.hostname==second'], convergeSeconds: 60 })))
  machines.set(name, machine)
}

const configSchema = z.looseObject({
  expect: z.looseObject({
    sharedNetwork: z.unknown(),
    stacks: z.unknown(),
    controlPlane: z.unknown(),
    ci: z.unknown(),
    quiet: z.unknown(),
    throwaway: z.looseObject({}),
  }),
})

/** Without the routes, which other tests look at, and with as little waiting as can be. */
function leanOf(config: unknown) {
  const { expect: wanted, ...rest } = configSchema.parse(config)
  const { sharedNetwork, stacks, controlPlane, ci, quiet, throwaway } = wanted
  return (more: object): unknown => ({
    ...rest,
    expect: {
      ...{ sharedNetwork, stacks, controlPlane, ci, quiet },
      tasks: { stuckAfterSeconds: 3 },
      throwaway: { ...throwaway, stacks: 3, atOnce: 2, convergeSeconds: 15, ...more },
    },
  })
}
