import type { EventEmitter } from 'node:events'
import { Writable } from 'node:stream'
import type { Reporter, TestModule, Vitest } from 'vitest/node'
import { messageOf } from '../core/errors.ts'
import { endsWithin } from './deadline.ts'
import { killWorkers } from './end-workers.ts'
import type { Interrupt } from './interrupt.ts'
import { unprovenName } from './protocol.ts'
import type { RunContext } from './session.ts'

export interface SuiteOptions {
  /** The folder that all spec files are in. */
  readonly root: string
  /** Absolute paths of compiled specs. */
  readonly files: readonly string[]
  /** What the workers are given to reach the target and the recorder. */
  readonly context: RunContext
  readonly interrupt: Interrupt
  /** Process ids of the workers that are alive. */
  readonly workers: () => readonly number[]
  /** What a spec or the runner printed; for a person to see, never evidence. */
  readonly onOutput: (text: string) => void
}

/** Something that went wrong outside of any check: a spec that does not load, a worker that died. */
export interface SuiteFault {
  readonly during: string
  readonly seen: string
}

/**
 * Runs the specs with Vitest in this process, and says what went wrong around them. Whether the target is sound it
 * does not say: that is in the records. Ends within the interrupt's patience, whatever the specs do.
 */
export async function runSuite(options: SuiteOptions): Promise<readonly SuiteFault[]> {
  const { interrupt } = options
  const faults: SuiteFault[] = []
  // Vitest lets go of the event loop while it cancels; without this the process would end in the middle of it.
  const keepAlive = setInterval(() => undefined, 1_000)
  try {
    await Promise.race([whenAborted(interrupt.force), runVitest(options, faults)])
  } finally {
    if (interrupt.force.aborted) killWorkers(options.workers())
    clearInterval(keepAlive)
  }
  return faults
}

const closeMs = 10_000

async function runVitest(options: SuiteOptions, faults: SuiteFault[]): Promise<void> {
  const { stop } = options.interrupt
  const canceller = createCanceller(faults)
  const vitest = await openVitest(options, faults, canceller)
  if (!stop.aborted) {
    const cancel = (): void => canceller.cancel(vitest)
    stop.addEventListener('abort', cancel, { once: true })
    await vitest.start().catch((error: unknown) => faults.push({ during: 'specs', seen: messageOf(error) }))
    stop.removeEventListener('abort', cancel)
  }
  await endsWithin(closeMs, 'Vitest to end', vitest.close()).catch((error: unknown) => {
    faults.push({ during: 'specs', seen: messageOf(error) })
  })
}

async function openVitest(options: SuiteOptions, faults: SuiteFault[], canceller: Canceller): Promise<Vitest> {
  // Loaded late: it takes a third of a second, and `--help` does not need it.
  const { createVitest } = await import('vitest/node')
  const { SpecSequencer } = await import('./spec-sequencer.ts')
  const stripListeners = rememberListeners()
  const guard = new URL('./worker-guard.js', import.meta.url)
  guard.searchParams.set('socket', options.context.socketPath)
  const vitest: Vitest = await createVitest(
    'test',
    {
      config: false,
      root: options.root,
      include: [...options.files],
      // The defaults leave `node_modules` and `dist` out, which is where an installed pvcheck lives.
      exclude: [],
      watch: false,
      api: false,
      cache: false,
      reporters: [reporterOf(options, faults, () => canceller.queued(vitest, options.interrupt.stop.aborted))],
      // One worker for all specs: each fact is asked once in a run.
      pool: 'forks',
      maxWorkers: 1,
      isolate: false,
      fileParallelism: false,
      sequence: { sequencer: SpecSequencer },
      execArgv: ['--import', guard.href],
      retry: 0,
      passWithNoTests: false,
      allowOnly: false,
      testTimeout: 120_000,
      provide: { pvcheck: options.context },
      // Compiled code needs no transforming, and a fixed pattern treats a checkout and an installation alike.
      server: { deps: { inline: [/\.spec\.m?js$/], external: [/\/dist\/harness\//] } },
    },
    { envDir: false, publicDir: false, logLevel: 'error' },
    { stdout: sink(options.onOutput), stderr: sink(options.onOutput) },
  )
  stripListeners()
  return vitest
}

function reporterOf(options: SuiteOptions, faults: SuiteFault[], onQueued: () => void): Reporter {
  return {
    onTestModuleQueued: onQueued,
    onTestRunEnd: (modules, errors) => {
      for (const error of errors) faults.push({ during: 'specs', seen: error.message })
      for (const module of modules) faults.push(...moduleFaults(module))
    },
    onUserConsoleLog: (log) => options.onOutput(log.content),
  }
}

function moduleFaults(module: TestModule): SuiteFault[] {
  const suites = [...module.children.allSuites()].flatMap((suite) => suite.errors())
  // A check that is not green fails its test as `Unproven`; whatever else fails one is ours, and may have cost findings.
  const tests = [...module.children.allTests()].flatMap((test) => test.result().errors ?? [])
  const broken = tests.filter(({ name }) => name !== unprovenName)
  return [...module.errors(), ...suites, ...broken].map((error) => ({
    during: module.relativeModuleId,
    seen: error.message,
  }))
}

/** Standard output may be for a machine: what workers print goes where the caller says. */
function sink(onText: (text: string) => void): Writable {
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      onText(chunk.toString())
      done()
    },
  })
}

interface Canceller {
  cancel(vitest: Vitest): void
  /** The workers have work now; `stopped` when somebody asked for the end before. */
  queued(vitest: Vitest, stopped: boolean): void
}

/**
 * Cancels once, and not before the workers are queued: an early cancel has no effect, and a second one means force to
 * Vitest, with workers that do not clean up.
 */
function createCanceller(faults: SuiteFault[]): Canceller {
  let isQueued = false
  let isCancelled = false
  const cancel = (vitest: Vitest): void => {
    if (!isQueued || isCancelled) return
    isCancelled = true
    vitest.cancelCurrentRun('keyboard-input').catch((error: unknown) => {
      faults.push({ during: 'cancelling', seen: messageOf(error) })
    })
  }
  return {
    cancel,
    queued: (vitest, stopped) => {
      isQueued = true
      if (stopped) cancel(vitest)
    },
  }
}

const endingEvents: readonly (NodeJS.Signals | 'unhandledRejection')[] = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  'unhandledRejection',
]

/** Vitest's own listeners end the process at once, with no clean-up: they are taken off, and nobody else's. */
function rememberListeners(): () => void {
  // One signature for all of them; which event it is does not matter here.
  const emitter: EventEmitter = process
  const before = endingEvents.map((name) => new Set(emitter.listeners(name)))
  return () => {
    endingEvents.forEach((name, index) => {
      for (const listener of emitter.listeners(name)) {
        if (before[index]?.has(listener) === false) emitter.off(name, listener as () => void)
      }
    })
  }
}

function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
