import { PvcheckError } from '../../core/errors.ts'
import { systemCode } from '../../core/file.ts'
import { lockName } from '../../model/mark.ts'
import { attachWriter } from '../../reach/attach-writer.ts'
import type { Connection } from '../../reach/target.ts'
import type { Intents } from '../mark/intents.ts'
import { resumeIntents } from '../mark/intents.ts'
import { type OpenIntent, readIntents } from '../mark/read-intents.ts'
import type { SweptRun } from '../sweep/report.ts'
import { sweepRun } from '../sweep/sweep-run.ts'

export interface SettleOptions {
  readonly run: string
  readonly stateDir: string
  /** The longest that a create can take: so long it may still appear when nobody sends any more. */
  readonly createSeconds: number
  /** Whether the lock stays, for whoever holds it gives it back. */
  readonly keepLock: boolean
  readonly signal: AbortSignal
  readonly onProgress: (what: string) => void
}

/**
 * Once nobody acts any more: removes all that is left of a run, and closes its intents. A file that is not there has been
 * closed by somebody else who swept.
 */
export async function settleRun(
  { target, handle, signal: lost }: Connection,
  options: SettleOptions,
): Promise<SweptRun & { readonly left: readonly string[] }> {
  const { run, stateDir, createSeconds, keepLock, onProgress } = options
  const signal = AbortSignal.any([options.signal, lost])
  const file = await openFile(stateDir, run)
  try {
    return await sweepRun(run, {
      reader: target.engine,
      writer: attachWriter(handle),
      ...(file === undefined
        ? {}
        : {
            intents: {
              open: file.open.filter(({ name }) => !keepLock || name !== lockName),
              mayAppearMs: createSeconds * 1000,
              gone: file.intents.gone,
            },
          }),
      keepLock,
      atOnce: 4,
      signal,
      onProgress,
    })
  } finally {
    await file?.intents[Symbol.asyncDispose]()
  }
}

async function openFile(
  stateDir: string,
  run: string,
): Promise<{ readonly open: readonly OpenIntent[]; readonly intents: Intents } | undefined> {
  try {
    const { open } = await readIntents(stateDir, run)
    return { open, intents: await resumeIntents(stateDir, run) }
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** Whether the run has no file any more. */
export function isMissing(error: unknown): boolean {
  return error instanceof PvcheckError && error.code === 'INTENTS_UNREADABLE' && systemCode(error.cause) === 'ENOENT'
}
