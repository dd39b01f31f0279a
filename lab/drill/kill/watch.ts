import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { pollUntil } from '../../../harness/core/poll.ts'
import type { Desk, StartedCommand } from './command.ts'

const lineSchema = z.object({ line: z.string(), at: z.string(), name: z.string().optional() })
export type KeptLine = z.infer<typeof lineSchema>

/** The lines of all runs that are on file at a desk; a torn last one is none. */
export async function readIntentLines(desk: Desk): Promise<KeptLine[]> {
  const dir = join(desk.stateDir, 'runs')
  const names = (await readdir(dir).catch(() => [])).filter((name) => name.endsWith('.jsonl')).sort()
  const lines: KeptLine[] = []
  for (const name of names) {
    // It may be forgotten the moment after it was listed.
    const text = await readFile(join(dir, name), 'utf8').catch(() => '')
    for (const line of text.split('\n').slice(0, -1)) lines.push(lineSchema.parse(JSON.parse(line)))
  }
  return lines
}

/** Resolves the moment the n-th intent is on disk. Throws where the command ends before, or after two minutes. */
export async function untilIntent(desk: Desk, command: StartedCommand, at: number, signal: AbortSignal): Promise<void> {
  await pollUntil<void>(
    async () => {
      const seen = (await readIntentLines(desk)).filter(({ line }) => line === 'intend').length
      if (seen >= at) return { done: true, value: undefined }
      if (command.exitCode() !== undefined) return { done: true, value: undefined }
      return { done: false, state: `${seen} intents` }
    },
    { what: `intent ${at} of the run`, timeoutMs: 120_000, intervalMs: 3, signal },
  )
  if (command.exitCode() === undefined) return
  throw new Error(`the run ended with ${command.exitCode()} before its intent ${at}:\n${command.output()}`)
}

/** Longer than any case may take. */
const keepMs = 3_600_000

/** Keeps every line that ever was on file, as a run that ends well forgets them. */
export function keepIntents(
  desk: Desk,
  signal: AbortSignal,
): { readonly lines: () => readonly KeptLine[] } & AsyncDisposable {
  const kept = new Map<string, KeptLine>()
  const stop = new AbortController()
  let failure: unknown
  const look = async (): Promise<void> => {
    for (const line of await readIntentLines(desk)) kept.set(JSON.stringify(line), line)
  }
  const watching = pollUntil<never>(
    async () => {
      await look()
      return { done: false, state: `${kept.size} lines` }
    },
    { what: 'intents', timeoutMs: keepMs, intervalMs: 20, signal: AbortSignal.any([stop.signal, signal]) },
  ).catch((error: unknown) => {
    if (!stop.signal.aborted && !signal.aborted) failure = error
  })
  return {
    lines: () => [...kept.values()],
    [Symbol.asyncDispose]: async () => {
      stop.abort(new Error('nobody listens any more'))
      await watching
      if (failure !== undefined) throw failure
    },
  }
}
