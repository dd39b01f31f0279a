import { z } from 'zod'
import type { Fact } from '../fact.ts'
import { readProperties, readTimestamp } from './properties.ts'
import { succeededSchema } from './raw-command.ts'

/** What is asked of systemd about journald. */
export const journaldProperties = ['Id', 'ActiveState', 'ExecMainStartTimestamp'] as const

export interface Journald {
  /** When the running journald was started, ISO 8601; absent when none runs. */
  readonly startedAt?: string
  /** Where it keeps what it is sent; `none` is nowhere. */
  readonly storage: string
  /** Lines of a higher number than this are thrown away; as in syslog(3), 7 is all. */
  readonly maxLevelStore: number
}

const levels = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug']

const schema = z.object({ unit: succeededSchema, config: succeededSchema }).transform(({ unit, config }): Journald => {
  const startedAt = readTimestamp(readProperties(unit).get('ExecMainStartTimestamp') ?? '')
  const assigned = assignmentsIn(config)
  const given = (name: string): string[] => assigned.filter(([key]) => key === name).map(([, value]) => value)
  return {
    ...(startedAt === undefined ? {} : { startedAt }),
    storage: given('Storage').at(-1) ?? 'auto',
    maxLevelStore:
      given('MaxLevelStore')
        .map(readLevel)
        .findLast((level) => level !== undefined) ?? 7,
  }
})

/** In the order in which journald reads them: the last one counts. */
function assignmentsIn(config: string): [name: string, value: string][] {
  let section = ''
  return config.split('\n').flatMap((line): [string, string][] => {
    const header = /^\s*\[(.*)\]\s*$/.exec(line)
    if (header !== null) section = header[1] ?? ''
    const [, name, value] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    return section === 'Journal' && name !== undefined && value !== undefined ? [[name, value]] : []
  })
}

/** journald passes over a word that it does not know; an empty one is below all levels. */
function readLevel(text: string): number | undefined {
  if (text === '') return -1
  if (/^[0-7]$/.test(text)) return Number(text)
  const level = levels.indexOf(text)
  return level < 0 ? undefined : level
}

export const journald: Fact<Journald> = {
  name: 'journald',
  what: 'since when journald runs, and what it is told to keep',
  schema,
}
