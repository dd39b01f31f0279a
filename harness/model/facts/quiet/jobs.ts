import { z } from 'zod'
import type { Fact } from '../../fact.ts'
import { readProperties } from '../properties.ts'
import { rawCommandSchema, saidBy } from '../raw-command.ts'

/** What is asked of systemd about each unit. */
export const jobProperties = ['Id', 'LoadState', 'ActiveState', 'SubState'] as const

/** One of systemd's, as it is now. */
export interface Unit {
  readonly id: string
  readonly loadState: string
  readonly activeState: string
  readonly subState: string
}

const units = z.object({ asked: z.array(z.string()), answer: rawCommandSchema }).transform(({ asked, answer }) => {
  const said = answer.stdout.split(/\n\n+/).filter((block) => block.trim() !== '')
  const all = said.map(readUnit)
  // systemd answers for every full name, whether there is such a unit or not; a glob may match none.
  const fewest = asked.filter((name) => !/[*?[]/.test(name)).length
  const isWhole = answer.exitCode === 0 && !answer.truncated && all.length >= fewest && all.every(({ id }) => id !== '')
  return isWhole
    ? { state: 'read' as const, asked, units: all }
    : { state: 'unread' as const, asked, why: `systemctl show: ${saidBy(answer)}` }
})

function readUnit(block: string): Unit {
  const properties = readProperties(block)
  const read = (name: (typeof jobProperties)[number]): string => properties.get(name) ?? ''
  return {
    id: read('Id'),
    loadState: read('LoadState'),
    activeState: read('ActiveState'),
    subState: read('SubState'),
  }
}

const processes = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('read'),
    /** How many were held against the patterns. */
    seen: z.number(),
    /** `program` is the first word of the command line: the others may be secrets. */
    matches: z.array(z.object({ pid: z.number(), program: z.string(), pattern: z.string() })),
  }),
  z.object({ state: z.literal('unread'), why: z.string() }),
])
export type ProcessesReading = z.infer<typeof processes>

const schema = z.object({
  /** Absent where none is configured. */
  units: units.optional(),
  processes: processes.optional(),
})
export type QuietJobs = z.infer<typeof schema>

export const quietJobs: Fact<QuietJobs> = {
  name: 'quiet-jobs',
  what: 'which of the units and processes run beside which nothing may be created',
  schema,
}
