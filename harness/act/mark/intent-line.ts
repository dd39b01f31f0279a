import { join } from 'node:path'
import { z } from 'zod'
import { isRunId } from '../../record/evidence/run-id.ts'
import { misuse } from './intent-trouble.ts'
import { processIdSchema } from './process-id.ts'

const createdKinds = ['service', 'network', 'config', 'secret'] as const
/** What a run can create in a Swarm. */
export type CreatedKind = (typeof createdKinds)[number]

const kind = z.enum(createdKinds)
const at = z.string()

/** One line of a run's file; `at` is by this machine's clock, for a person to read. */
export const intentLineSchema = z.discriminatedUnion('line', [
  z.strictObject({
    line: z.literal('run'),
    at,
    run: z.string(),
    owner: z.string(),
    cluster: z.string(),
    /** The main process of the run. */
    process: processIdSchema.optional(),
  }),
  /** A process that cleans up after the run is there. */
  z.strictObject({ line: z.literal('janitor'), at, process: processIdSchema }),
  z.strictObject({ line: z.literal('intend'), at, kind, name: z.string() }),
  z.strictObject({ line: z.literal('created'), at, kind, name: z.string(), id: z.string() }),
  z.strictObject({ line: z.literal('gone'), at, kind, name: z.string() }),
])
export type IntentLine = z.infer<typeof intentLineSchema>

/** `Omit` for each member of a union by itself. */
type Undated<Line> = Line extends unknown ? Omit<Line, 'at'> : never

/** A line as it is written, without its line break. */
export function intentLine(line: Undated<IntentLine>): string {
  return JSON.stringify({ ...line, at: new Date().toISOString() })
}

/** The folder with a file for each run that may have left something. */
export function runsDir(stateDir: string): string {
  return join(stateDir, 'runs')
}

export const intentSuffix = '.jsonl'

/** The file of a run. Throws `INTENTS_MISUSED` where `run` is no run id, and might lead anywhere. */
export function intentsPath(stateDir: string, run: string): string {
  if (!isRunId(run)) throw misuse(`${JSON.stringify(run)} is not a run id`)
  return join(runsDir(stateDir), `${run}${intentSuffix}`)
}

/** The log of a run's janitor lies beside its file, and goes with it. */
export function janitorLogPath(stateDir: string, run: string): string {
  return intentsPath(stateDir, run).replace(/\.jsonl$/, '.janitor.log')
}
