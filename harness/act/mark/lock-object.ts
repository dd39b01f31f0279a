import { z } from 'zod'
import { PvcheckError } from '../../core/errors.ts'
import { labelsOf, lockName, type Mark, type MarkReading, markOf } from '../../model/mark.ts'
import type { AskOptions, EngineReader } from '../../reach/engine/reader.ts'
import type { ObjectSpec } from '../../reach/engine/writer.ts'

/** On a lock that somebody is about to take over: from then on its holder can no longer renew it. */
export const fenceLabel = 'pvcheck.lock.fenced-by'

const spec = z.looseObject({
  Name: z.string(),
  Labels: z.record(z.string(), z.string()).nullish(),
  Data: z.string().default(''),
})
const config = z.object({
  ID: z.string().regex(/^[0-9a-z]+$/),
  Version: z.object({ Index: z.number() }),
  CreatedAt: z.string(),
  Spec: spec,
})

/** The lock as it is in the Swarm. */
export interface LockObject {
  readonly id: string
  readonly version: number
  /** By the clock of the manager that led then. */
  readonly createdAt: string
  readonly reading: MarkReading
  readonly fenced: boolean
  /** What was written into it when it was created; nobody can change that. */
  readonly text: string
  readonly spec: ObjectSpec
}

/** The lock, where there is one. Throws `LOCK_UNREADABLE`, and what the reader throws. */
export async function findLock(
  engine: Pick<EngineReader, 'configs'>,
  options?: AskOptions,
): Promise<LockObject | undefined> {
  // The filter is for beginnings of names.
  const { what, status, body } = await engine.configs({ ...options, filters: { name: [lockName] } })
  const parsed = z.array(config).safeParse(body)
  if (status !== 200 || !parsed.success) {
    throw new PvcheckError({
      code: 'LOCK_UNREADABLE',
      seen: `${what} was answered with ${status}, without a list of configs`,
      wanted: "the configs of the Swarm, to see who holds pvcheck's lock",
      remedy: 'If a proxy stands before the socket, let it pass `/configs`; else look at the log of dockerd.',
      exit: 'unknown',
    })
  }
  const found = parsed.data.find(({ Spec }) => Spec.Name === lockName)
  if (found === undefined) return undefined
  const labels = found.Spec.Labels ?? {}
  return {
    id: found.ID,
    version: found.Version.Index,
    createdAt: found.CreatedAt,
    reading: markOf(labels),
    fenced: Object.hasOwn(labels, fenceLabel),
    text: Buffer.from(found.Spec.Data, 'base64').toString('utf8'),
    spec: found.Spec,
  }
}

/** A lock to be created; `text` says to a person what it is, and to us that it is this one. */
export function newLock(mark: Mark, text: string): ObjectSpec {
  return { Name: lockName, Labels: labelsOf(mark), Data: Buffer.from(text).toString('base64') }
}

/** The same lock with other labels besides: nothing else of a config can be changed. */
export function relabelled({ spec }: LockObject, labels: Readonly<Record<string, string>>): ObjectSpec {
  return { ...spec, Labels: { ...Object(spec['Labels']), ...labels } }
}
