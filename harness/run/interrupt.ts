import { PvcheckError } from '../core/errors.ts'
import { type ExitName, exitCodes } from '../core/exit.ts'

const exits = { SIGINT: 'interrupted', SIGHUP: 'interrupted', SIGTERM: 'terminated' } as const
type StopSignal = keyof typeof exits
const stopSignals = Object.keys(exits) as StopSignal[]

/** A person, or a system, asked for the end: once means "stop and clean up", twice means "at once". */
export interface Interrupt extends Disposable {
  /** Aborts at the first signal, with a `PvcheckError` as reason. */
  readonly stop: AbortSignal
  /** Aborts at the second signal, or when the specs take longer to end than they may. */
  readonly force: AbortSignal
  /** Aborts at the second signal alone: what a run has created is being removed until then. */
  readonly insisted: AbortSignal
  /** Until it is disposed of, something is being removed, within deadlines of its own: `exitWhenForced` waits. */
  tidying(): Disposable
  readonly isTidying: () => boolean
  /** How the command ends because of it; `undefined` while nobody has asked. */
  exit(): Extract<ExitName, 'interrupted' | 'terminated'> | undefined
}

/** One key press may arrive twice, as npm hands on what the terminal has sent to the whole group already. */
const echoMs = 300

/** Listens for SIGINT, SIGTERM and SIGHUP until disposed. `graceMs` after the first one, patience ends. */
export function watchInterrupts({ graceMs = 5_000 }: { graceMs?: number } = {}): Interrupt {
  const stop = new AbortController()
  const force = new AbortController()
  const insisted = new AbortController()
  const tidying = countTidying()
  let first: StopSignal | undefined
  let firstAt = 0
  let patience: NodeJS.Timeout | undefined

  const onSignal = (name: StopSignal): void => {
    if (first !== undefined) {
      if (performance.now() - firstAt < echoMs) return
      const reason = interruptError(name, 'a second signal')
      force.abort(reason)
      insisted.abort(reason)
      return
    }
    first = name
    firstAt = performance.now()
    patience = setTimeout(() => force.abort(interruptError(name, `nothing ended within ${graceMs} ms`)), graceMs)
    patience.unref()
    stop.abort(interruptError(name))
  }
  for (const name of stopSignals) process.on(name, onSignal)

  return {
    stop: stop.signal,
    force: force.signal,
    insisted: insisted.signal,
    ...tidying,
    exit: () => (first === undefined ? undefined : exits[first]),
    [Symbol.dispose]: () => {
      clearTimeout(patience)
      for (const name of stopSignals) process.off(name, onSignal)
    },
  }
}

/** For a process whose signals are somebody else's. */
export const neverInterrupted: Interrupt = {
  stop: new AbortController().signal,
  force: new AbortController().signal,
  insisted: new AbortController().signal,
  ...countTidying(),
  exit: () => undefined,
  [Symbol.dispose]: () => undefined,
}

/** The outcome of `work`, or the reason of `interrupt.force` once nobody waits any longer; `work` is left to itself then. */
export async function unlessForced<T>(work: Promise<T>, { force }: Pick<Interrupt, 'force'>): Promise<T> {
  const ended = new AbortController()
  const forced = new Promise<never>((_, reject) => {
    if (force.aborted) reject(force.reason)
    force.addEventListener('abort', () => reject(force.reason), { once: true, signal: ended.signal })
  })
  try {
    return await Promise.race([work, forced])
  } finally {
    ended.abort()
  }
}

function countTidying(): Pick<Interrupt, 'tidying' | 'isTidying'> {
  let underWay = 0
  return {
    isTidying: () => underWay > 0,
    tidying: () => {
      underWay += 1
      return {
        [Symbol.dispose]: () => {
          underWay -= 1
        },
      }
    },
  }
}

/**
 * The last resort: ends the process `afterMs` after patience has ended, whatever it is doing; only what removes things
 * from a host is let finish, as long as nobody insists.
 */
export function exitWhenForced(interrupt: Interrupt, afterMs: number): void {
  let timer: NodeJS.Timeout | undefined
  const endLater = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (interrupt.isTidying() && !interrupt.insisted.aborted) endLater()
      else process.exit(exitCodes[interrupt.isTidying() ? 'residue' : (interrupt.exit() ?? 'interrupted')].code)
    }, afterMs).unref()
  }
  interrupt.force.addEventListener('abort', endLater)
  // What was let finish until now still has to say what it leaves.
  interrupt.insisted.addEventListener('abort', endLater)
}

function interruptError(name: StopSignal, why?: string): PvcheckError {
  return new PvcheckError({
    code: 'RUN_INTERRUPTED',
    seen: why === undefined ? `received ${name}` : `received ${name}, and ${why}`,
    wanted: 'to run to the end',
    remedy: 'Run it again; what had been seen until then is in the evidence.',
    exit: exits[name],
  })
}
