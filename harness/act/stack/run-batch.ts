import pLimit from 'p-limit'
import { messageOf, PvcheckError } from '../../core/errors.ts'
import type { StackOutcome, ThrowawayBatch } from '../../model/facts/throwaway-batch.ts'
import { markLabels } from '../../model/mark.ts'
import type { Throwaway } from '../../model/throwaway.ts'
import { listenFor, type Pulse } from '../../reach/engine/pulse.ts'
import type { EngineReader } from '../../reach/engine/reader.ts'
import { shareReader } from '../../reach/engine/share.ts'
import type { CarefulHand } from '../hand/careful.ts'
import { type AddressesByNetwork, vipsOf } from './addresses.ts'
import { converge } from './converge.ts'
import { type Ground, readGround } from './ground.ts'
import { type Created, launch, nothingYet } from './launch.ts'
import { createPorts, type Ports } from './ports.ts'
import { removeCreated } from './remove-created.ts'

export interface BatchSettings {
  readonly throwaway: Throwaway
  /** By name. */
  readonly sharedNetwork: string
  /** Ports on which somebody listens on the host; those that services publish are seen by themselves. */
  readonly listening?: readonly number[]
  /** The number of the first stack in its names; 1 by default. A run gives each number once. */
  readonly firstNumber?: number
  /** While the stack runs, before it is removed. What it throws makes the stack a bad one. */
  readonly whileRunning?: (stack: RunningStack, signal: AbortSignal) => Promise<void>
}

export interface RunningStack {
  readonly name: string
  readonly serviceId: string
  readonly port: number
  readonly addresses: Readonly<Record<string, readonly string[]>>
}

/** Where a batch is, and what has just become of one of its stacks. */
export interface BatchProgress {
  readonly stack: string
  readonly what: string
  readonly of: number
  /** How many run now, and of how many all is gone. */
  readonly running: number
  readonly gone: number
}

/** A removal that takes longer is left to the sweep. */
const removeMs = 180_000

/**
 * Brings up throwaway stacks and removes them without a leak, `atOnce` at a time; after the first bad one no other is
 * launched. What was created is removed also when the signal aborts, unless the hand is lost. Throws what `readGround`
 * does, before anything was created; after that each stack has its outcome.
 */
export async function runBatch(
  hand: CarefulHand,
  settings: BatchSettings,
  signal: AbortSignal,
  onProgress: (progress: BatchProgress) => void = () => undefined,
): Promise<ThrowawayBatch> {
  const over = new AbortController()
  const started = performance.now()
  try {
    const reader = shareReader(hand.reader)
    const ground = await readGround(reader, settings, signal)
    const { throwaway, firstNumber = 1 } = settings
    const batch: Batch = {
      ...{ hand, settings, signal, reader, ground },
      ports: createPorts(reader, throwaway.publish, settings.listening),
      pulse: pulseOf(hand, over.signal),
      sinceMs: () => Math.round(performance.now() - started),
      tally: { running: 0, most: 0, gone: 0, isBad: false },
      tell: (stack, what) => {
        const { running, gone } = batch.tally
        onProgress({ stack, what, of: throwaway.stacks, running, gone })
      },
    }
    const limit = pLimit(throwaway.atOnce)
    const numbers = Array.from({ length: throwaway.stacks }, (_, index) => firstNumber + index)
    const stacks = await Promise.all(numbers.map((number) => limit(() => runStack(number, batch))))
    return {
      stacks,
      image: ground.image,
      atOnce: throwaway.atOnce,
      mostAtOnce: batch.tally.most,
      wallMs: batch.sinceMs(),
    }
  } finally {
    over.abort()
  }
}

interface Batch {
  readonly hand: CarefulHand
  readonly settings: BatchSettings
  readonly signal: AbortSignal
  readonly reader: EngineReader
  readonly ground: Ground
  readonly ports: Ports
  readonly pulse: Pulse
  readonly sinceMs: () => number
  readonly tally: { running: number; most: number; gone: number; isBad: boolean }
  readonly tell: (stack: string, what: string) => void
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

async function runStack(number: number, batch: Batch): Promise<StackOutcome> {
  const { hand, signal, ports, sinceMs, tally, tell } = batch
  const created = nothingYet(hand.run, number)
  const name = created.names.stack
  const outcome: Mutable<StackOutcome> = {
    ...{ name, came: 'unlaunched', removal: 'nothing' },
    ...{ startedMs: sinceMs(), addresses: {}, vips: {}, lastStates: [] },
  }
  if (tally.isBad || signal.aborted || hand.lost.aborted) return outcome
  try {
    await bringUp(created, outcome, batch)
  } catch (error) {
    outcome.came = cameWith(error, outcome)
    outcome.why = whyOf(error)
  }
  if (outcome.why !== undefined) {
    tally.isBad = true
    tell(name, `${outcome.came}: ${outcome.why.seen}`)
  }
  await takeDown(created, outcome, batch)
  const { port, serviceId, networkId } = created
  if (port !== undefined && outcome.removal === 'gone') ports.giveBack(port)
  return {
    ...outcome,
    ...(serviceId === undefined ? {} : { serviceId }),
    ...(networkId === undefined ? {} : { networkId }),
    ...(port === undefined ? {} : { port }),
  }
}

async function bringUp(created: Created, outcome: Mutable<StackOutcome>, batch: Batch): Promise<void> {
  const { hand, settings, ground, ports, reader, pulse, sinceMs, tally, tell } = batch
  const { throwaway, whileRunning } = settings
  const name = created.names.stack
  const signal = AbortSignal.any([batch.signal, hand.lost])
  outcome.came = 'interrupted'
  await launch(created, { hand, ground, throwaway, ports, signal })
  const { serviceId, port } = created
  if (serviceId === undefined || port === undefined) throw new TypeError(`${name} was launched without a service`)
  const converged = await converge(serviceId, {
    ...{ run: hand.run, reader, pulse, ground, signal },
    timeoutMs: throwaway.convergeSeconds * 1000,
    onState: (state) => tell(name, state),
    onAddresses: (addresses) => {
      outcome.addresses = copyOf(addresses)
    },
  })
  outcome.came = converged.came
  if (converged.came !== 'running') {
    outcome.lastStates = [...converged.lastStates]
    outcome.why = whyOf(converged.why)
    return
  }
  outcome.runningMs = sinceMs()
  tally.running += 1
  tally.most = Math.max(tally.most, tally.running)
  tell(name, 'runs')
  await whileRunning?.({ name, serviceId, port, addresses: outcome.addresses }, signal)
}

async function takeDown(created: Created, outcome: Mutable<StackOutcome>, batch: Batch): Promise<void> {
  const { hand, reader, pulse, ground, sinceMs, tally, tell } = batch
  const name = created.names.stack
  const signal = AbortSignal.any([AbortSignal.timeout(removeMs), hand.lost])
  const { serviceId } = created
  const onState = (what: string): void => tell(name, what)
  try {
    // Late, so that the Swarm has had its time to allot them, and for a stack that was cut short, too.
    if (serviceId !== undefined) {
      outcome.vips = copyOf(await vipsOf(serviceId, { run: hand.run, reader, ...ground }, { signal }))
    }
  } catch (error) {
    outcome.why ??= whyOf(error)
  }
  try {
    const removed = await removeCreated(created, { hand, reader, pulse, ground, signal, onState })
    outcome.removal = removed.removal
    if (removed.removal === 'left') {
      outcome.why ??= whyOf(removed.why)
      outcome.lastStates = [...outcome.lastStates, ...removed.lastStates]
    }
  } catch (error) {
    // It is gone, and could not be written down as such.
    outcome.removal = 'left'
    outcome.why ??= whyOf(error)
  }
  if (outcome.runningMs !== undefined) tally.running -= 1
  if (outcome.removal === 'gone') {
    outcome.goneMs = sinceMs()
    tally.gone += 1
  } else if (outcome.removal === 'left') tally.isBad = true
  tell(name, outcome.removal === 'nothing' ? 'nothing of it was created' : `is ${outcome.removal}`)
}

function copyOf(addresses: AddressesByNetwork): Record<string, string[]> {
  return Object.fromEntries(Object.entries(addresses).map(([on, held]) => [on, [...held]]))
}

/** How far it came when something was thrown: a stack that runs has come that far, whatever its probe says. */
function cameWith(error: unknown, { came }: StackOutcome): StackOutcome['came'] {
  return error instanceof PvcheckError && error.code === 'CREATE_REFUSED' ? 'refused' : came
}

function whyOf(error: unknown): { code: string; seen: string } {
  return error instanceof PvcheckError
    ? { code: error.code, seen: error.seen }
    : { code: 'STACK_INTERRUPTED', seen: messageOf(error) }
}

/** What happens to containers of the run, and to its services. */
function pulseOf({ run, reader }: CarefulHand, signal: AbortSignal): Pulse {
  return listenFor(reader, {
    types: ['service', 'container'],
    isReason: ({ type, action, attributes }) =>
      type === 'service' ? action === 'remove' : attributes[markLabels.run] === run && reasons.has(action),
    shortestMs: 100,
    longestMs: 500,
    signal,
  })
}

const reasons: ReadonlySet<string> = new Set(['start', 'die', 'destroy'])
