import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { labDown, labHeal, labSabotage, labUp } from '../../lab/lab.ts'
import { sabotages } from '../../lab/sabotage/registry.ts'
import type { Sabotage } from '../../lab/sabotage/sabotage.ts'
import { exitCodes } from '../core/exit.ts'
import { checks } from '../judge/checks.ts'
import { findingSchema } from '../model/finding.ts'
import { isGreen } from '../model/verdict.ts'
import { packageInfo } from '../run/package-info.ts'

const quiet = () => undefined
let lab = ''
let files = ''

beforeAll(async () => {
  files = await mkdtemp(join(tmpdir(), 'pvcheck-seen-red-'))
  const machine = await labUp({ refreshMs: 500, progress: quiet })
  lab = machine.name
  const config: unknown = JSON.parse(await readFile(join(machine.dir, 'pvcheck.config.json'), 'utf8'))
  await writeFile(join(files, 'pvcheck.config.json'), JSON.stringify(impatient(config)))
}, 600_000)

afterAll(async () => {
  if (lab !== '') await labDown({ which: { name: lab }, progress: quiet })
  await rm(files, { recursive: true, force: true })
}, 60_000)

test('the practice host is green before anybody touches it', { timeout: 60_000 }, async ({ signal }) => {
  expect(redIn(await verify(signal))).toEqual([])
})

describe('pvcheck verify', () => {
  test.for(sabotages)('sees $name, and sees it healed', { timeout: 180_000 }, async (sabotage, { signal }) => {
    await labSabotage(lab, sabotage.name, signal)
    const broken = await verify(signal).finally(() => labHeal(lab, sabotage.name, new AbortController().signal))
    if (sabotage.stops === undefined) expectFindings(broken, sabotage)
    else expectStop(broken, sabotage)

    const healed = await verify(signal)
    expect(redIn(healed)).toEqual([])
    expect(healed.exit).toBe(exitCodes.pass.code)
  })
})

/** Exactly the checks that were written down, each with the cause and a remedy. */
function expectFindings(run: Run, { reddens }: Sabotage): void {
  const red = run.findings.filter(({ verdict }) => !isGreen(verdict))
  const turned = Object.fromEntries(red.map(({ check, verdict }) => [check, verdict]))
  const wanted = Object.fromEntries(Object.entries(reddens).map(([check, { verdict }]) => [check, verdict]))
  expect(turned, redIn(run).join('\n')).toEqual(wanted)
  for (const finding of red) {
    const { check, verdict, subject, expected, actual, reason = '', remedy = '' } = finding
    expect(verdict).toBe(reddens[check]?.verdict)
    expect(`${subject}: ${expected}; ${actual}; ${reason}`).toMatch(reddens[check]?.says ?? /^$/)
    expect(remedy, `the remedy of ${check}`).not.toBe('')
  }
  expect([run.troubles, run.skipped]).toEqual([[], []])
  expect(run.exit).toBe(exitCodes[exitNameOf(Object.values(wanted))].code)
}

function exitNameOf(verdicts: readonly string[]) {
  if (verdicts.includes('fail')) return 'failed'
  return verdicts.includes('unknown') ? 'unknown' : 'pass'
}

/** One trouble that names the cause and a remedy, and no check that passes for judged. */
function expectStop(run: Run, { reddens, stops }: Sabotage): void {
  expect(run.troubles.map(({ code }) => code)).toEqual([stops])
  for (const { says } of Object.values(reddens)) expect(run.troubles[0]?.seen).toMatch(says)
  expect(run.troubles[0]?.remedy).not.toBe('')
  expect(run.findings).toEqual([])
  expect(run.skipped.map(({ check }) => check).sort()).toEqual(checks.map(({ id }) => id).sort())
  expect(run.exit).toBe(exitCodes.blocked.code)
}

const runSchema = z.object({
  exit: z.number(),
  findings: z.array(findingSchema),
  skipped: z.array(z.object({ check: z.string() })),
  troubles: z.array(z.object({ code: z.string(), seen: z.string(), remedy: z.string() })),
})
type Run = z.infer<typeof runSchema>

/** The command as a user runs it. Throws when what it prints is no run, or its exit code not the one it tells. */
async function verify(signal: AbortSignal): Promise<Run> {
  const bin = join(packageInfo().root, 'bin', 'pvcheck.js')
  const options = ['--read-only', '--json', '--config', join(files, 'pvcheck.config.json'), '--reports', files]
  const { code, stdout, stderr } = await run(process.execPath, [bin, 'verify', ...options], signal)
  const json = stdout.startsWith('{') ? stdout : '{}'
  const answer = runSchema.safeParse(JSON.parse(json))
  if (!answer.success) throw new Error(`no run in the output: ${stdout}\n${stderr}`, { cause: answer.error })
  expect(answer.data.exit).toBe(code)
  return answer.data
}

function run(file: string, args: readonly string[], signal: AbortSignal) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve, reject) => {
    execFile(file, args, { signal, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve({ code: 0, stdout, stderr })
      else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr })
      else reject(error)
    })
  })
}

/** A line for each finding that is not green, for a reader of the failed test. */
function redIn({ findings, troubles }: Run): string[] {
  const red = findings.filter(({ verdict }) => !isGreen(verdict))
  return [
    ...troubles.map(({ code, seen }) => `${code}: ${seen}`),
    ...red.map(
      ({ check, verdict, subject, actual, reason }) => `${check} ${verdict}  ${subject}: ${actual}; ${reason}`,
    ),
  ]
}

/** So that a task counts as stuck after seconds instead of a minute; from before the first run, and for all of them. */
function impatient(config: unknown): unknown {
  const { expect: wanted, ...rest } = z.looseObject({ expect: z.looseObject({}) }).parse(config)
  return { ...rest, expect: { ...wanted, tasks: { stuckAfterSeconds: 3 } } }
}
