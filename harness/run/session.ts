import { inject } from 'vitest'
import type { CarefulHand } from '../act/hand/careful.ts'
import { joinActing } from '../act/life/join-acting.ts'
import { PvcheckError } from '../core/errors.ts'
import { createRedactor } from '../core/redact.ts'
import { checks } from '../judge/checks.ts'
import type { Expectations } from '../model/expectations.ts'
import { createFactReader } from '../observe/reader.ts'
import { attach } from '../reach/attach.ts'
import type { ConnectionHandle } from '../reach/target.ts'
import { patienceOf } from './patience.ts'
import type { Act, ActingSession } from './prove-check.ts'
import { readAhead } from './read-ahead.ts'
import { connectRecorder } from './recorder-client.ts'

/** What the main process gives to the workers; plain data. */
export interface RunContext {
  readonly socketPath: string
  readonly handle: ConnectionHandle
  readonly expectations: Expectations
  /** Values that must never be shown; they go from process to process only. */
  readonly secrets: readonly string[]
  /** The values of the credentials that the expectations name; they are among the secrets, too. */
  readonly credentials: Readonly<Record<string, string>>
}

declare module 'vitest' {
  interface ProvidedContext {
    pvcheck: RunContext
  }
}

let opened: Promise<ActingSession> | undefined

/** The worker's one session: all specs of a run share the facts. Throws `RUN_NO_TARGET` where there is none. */
export function openSession(): Promise<ActingSession> {
  opened ??= open()
  return opened
}

/** How long a check may wait for what it reads, milliseconds; none where there is no target. */
export function patienceOfRun(): number {
  const context = givenContext()
  return context === undefined ? 0 : patienceOf(context.expectations, context.handle.address)
}

/** How long what is done before a check may take, milliseconds. */
export function allowanceOf(act: Act | undefined): number {
  const context = givenContext()
  return context === undefined || act === undefined ? 0 : act.takesMs(context.expectations)
}

function givenContext(): RunContext | undefined {
  return inject('pvcheck')
}

async function open(): Promise<ActingSession> {
  const context = givenContext()
  if (context === undefined) {
    throw new PvcheckError({
      code: 'RUN_NO_TARGET',
      seen: 'the spec was started without a target',
      wanted: 'a run that has connected to one',
      remedy: 'Use `pvcheck verify`, or give `npx vitest run` a pvcheck.config file.',
      exit: 'usage',
    })
  }
  const recorder = await connectRecorder(context.socketPath)
  const target = attach(context.handle)
  const redact = createRedactor(context.secrets)
  const wanted = context.expectations
  const reader = createFactReader(target, recorder, redact, wanted, {
    signal: recorder.lost,
    credentials: context.credentials,
  })
  readAhead(checks, reader, wanted)
  let hand: Promise<CarefulHand & AsyncDisposable> | undefined
  return {
    acting: () => {
      hand ??= recorder.act().then((handle) => joinActing(handle, context.handle, recorder.lost))
      return hand
    },
    letGo: async () => {
      const held = hand
      hand = undefined
      // Whoever asked for it has been told why there is none.
      await (await held?.catch(() => undefined))?.[Symbol.asyncDispose]()
    },
    progress: recorder.progress,
    host: target.host,
    reader,
    recorder,
    redact,
    lost: recorder.lost,
    wanted,
    patienceMs: patienceOf(wanted, context.handle.address),
    proven: new Map(),
  }
}
