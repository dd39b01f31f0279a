import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { messageOf } from '../../../harness/core/errors.ts'
import { pollUntil } from '../../../harness/core/poll.ts'
import type { BundleReader } from '../bundle-reader.ts'
import type { CaseOutcome } from '../drill.ts'
import type { KillCase } from './cases.ts'
import { type Desk, type Ended, type StartedCommand, startPvcheck, startVerify } from './command.ts'
import { type Foreign, foreignChanges, lookAtForeign } from './foreign.ts'
import { endingFaults, evidenceFaults, lateIntents } from './judge.ts'
import { type Scene, untilNothingLeft, untilSettled } from './recovery.ts'
import { strikeRun } from './strike.ts'
import { keepIntents, untilIntent } from './watch.ts'

export interface Stage extends Scene {
  readonly desk: Desk
  readonly readBundle: BundleReader
}

/** The longest that a run may take to end by itself, and a host to be clean again: leases included. */
const endMs = 120_000
const recoverMs = 120_000

/** Runs `pvcheck verify`, strikes it, and judges what is left once whoever is meant to clean up has done so. */
export async function tryKill(given: KillCase, stage: Stage, signal: AbortSignal): Promise<CaseOutcome> {
  const { machine, engine, desk } = stage
  await untilSettled(engine, signal)
  const look = (): Promise<Foreign> => lookAtForeign(engine, { restarted: given.strike === 'engine' })
  const before = await look()
  await using intents = keepIntents(desk, signal)
  const command = startVerify(desk)
  await untilIntent(desk, command, given.at, signal)
  await delay(given.delayMs, undefined, { signal })
  const struckAt = Date.now()
  await strikeRun(given.strike, { machine, desk, command, signal })
  const failures: string[] = []
  const ended = await endOf(command, signal)
  failures.push(...endingFaults(given, ended))
  failures.push(...lateIntents(given, intents.lines(), struckAt))

  const rescue = startRescue(given, desk)
  const recoveryMs = await untilNothingLeft(stage, { mark: command.mark, timeoutMs: recoverMs, signal }).then(
    () => Date.now() - struckAt,
    (error: unknown) => void failures.push(`after ${command.mark}: ${messageOf(error)}`),
  )
  if (rescue !== undefined) failures.push(...rescueFaults(given, await endOf(rescue, signal)))
  failures.push(...(await sweepFaults(desk, signal)))
  failures.push(...(await strayFiles(given, desk)))
  failures.push(...(await evidenceFaults(given, desk, stage.readBundle)))
  await untilSettled(engine, signal)
  failures.push(...foreignChanges(before, await look()))
  return { failures, ...(recoveryMs === undefined ? {} : { recoveryMs }) }
}

/** Waits until a command has ended; throws `WAIT_TIMED_OUT` with what it said last. */
export async function endOf(command: StartedCommand, signal: AbortSignal): Promise<Ended> {
  await pollUntil<void>(
    async () =>
      command.exitCode() === undefined
        ? { done: false, state: command.output().slice(-1500) }
        : { done: true, value: undefined },
    { what: 'the command to end', timeoutMs: endMs, intervalMs: 20, signal },
  )
  return await command.ended
}

/** Sockets go with those who made them, and with those who outlive them; where nobody does, they stay. */
async function strayFiles({ strike }: KillCase, { temporary }: Desk): Promise<string[]> {
  if (strike === 'everything') return []
  const names = (await readdir(temporary)).filter((name) => name.startsWith('pvcheck'))
  return names.map((name) => `left in the temporary folder: ${name}`)
}

/** Where nobody of the run is alive: whoever the case says. The timer needs nobody to start it. */
function startRescue({ strike, rescuer }: KillCase, desk: Desk): StartedCommand | undefined {
  if (strike !== 'everything' || rescuer === 'timer') return undefined
  return rescuer === 'sweep' ? startSweep(desk) : startVerify(desk)
}

/** A run that cleans up first then does its own work; what dockerd has logged meanwhile may turn other checks red. */
function rescueFaults({ rescuer }: KillCase, { code, output }: Ended): string[] {
  const proven = ['PV-HEAD-001', 'PV-RES-001', 'PV-RES-002', 'PV-RES-003', 'PV-RES-004', 'PV-RES-005']
  const isSound =
    rescuer === 'next run' ? code <= 2 && proven.every((check) => output.includes(`✓ ${check}`)) : code === 0
  return isSound ? [] : [`the ${rescuer} that cleans up ended with ${code}: ${output.trim().slice(-1500)}`]
}

/** A sweep has nothing to say the second time, and no run stays on file. */
export async function sweepFaults(desk: Desk, signal: AbortSignal): Promise<string[]> {
  const first = await endOf(startSweep(desk), signal)
  const second = await endOf(startSweep(desk), signal)
  const onFile = await readdir(join(desk.stateDir, 'runs')).catch(() => [])
  return [
    ...(first.code === 0 ? [] : [`the sweep ended with ${first.code}: ${first.output.trim()}`]),
    ...(second.code === 0 && second.output === '' ? [] : [`the second sweep said (${second.code}): ${second.output}`]),
    ...onFile.map((name) => `still on file after the sweep: ${name}`),
  ]
}

function startSweep(desk: Desk): StartedCommand {
  return startPvcheck(['sweep', '--config', desk.config], desk)
}
