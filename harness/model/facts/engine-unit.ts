import type { Fact } from '../fact.ts'
import { readProperties, readTimestamp } from './properties.ts'
import { succeededSchema } from './raw-command.ts'

/** What is asked of systemd about the unit that runs dockerd. */
export const engineUnitProperties = [
  'Id',
  'LoadState',
  'ActiveState',
  'SubState',
  'Result',
  'NRestarts',
  'MainPID',
  'ExecMainStartTimestamp',
  'InvocationID',
  'ExecStart',
  'SyslogIdentifier',
  'SyslogLevel',
  'LogLevelMax',
  'NeedDaemonReload',
] as const

export interface EngineUnit {
  readonly id: string
  readonly loadState: string
  readonly activeState: string
  readonly subState: string
  readonly result: string
  /** How often systemd started it again by itself; an operator's restart does not count. */
  readonly restarts: number
  /** When the running dockerd was started, ISO 8601; absent when none runs. */
  readonly startedAt?: string
  readonly invocationId: string
  /** The program as the unit on disk names it; absent when the unit has none. */
  readonly program?: string
  readonly argv: readonly string[]
  /** What journald files its lines under. */
  readonly syslogIdentifier: string
  /** As in syslog(3): at which level journald takes its lines, whatever they say themselves. */
  readonly syslogLevel: number
  /** Its lines of a higher number than this are thrown away; 7 is all. */
  readonly maxLogLevel: number
  /** The unit on disk is newer than the one that systemd knows. */
  readonly needsDaemonReload: boolean
}

const schema = succeededSchema.transform((stdout): EngineUnit => {
  const properties = readProperties(stdout)
  const read = (name: (typeof engineUnitProperties)[number]): string => properties.get(name) ?? ''
  const exec = /path=(?<path>\S+) ; argv\[\]=(?<argv>.*?) ; ignore_errors=/.exec(read('ExecStart'))?.groups
  const program = exec?.['path']
  const startedAt = readTimestamp(read('ExecMainStartTimestamp'))
  return {
    id: read('Id'),
    loadState: read('LoadState'),
    activeState: read('ActiveState'),
    subState: read('SubState'),
    result: read('Result'),
    restarts: Number.parseInt(read('NRestarts') || '0', 10),
    ...(startedAt === undefined ? {} : { startedAt }),
    invocationId: read('InvocationID'),
    ...(program === undefined ? {} : { program }),
    argv: exec?.['argv']?.split(' ') ?? [],
    syslogIdentifier: read('SyslogIdentifier') || (program?.split('/').at(-1) ?? 'dockerd'),
    syslogLevel: Number.parseInt(read('SyslogLevel') || '6', 10),
    maxLogLevel: levelOrAll(read('LogLevelMax')),
    needsDaemonReload: read('NeedDaemonReload') === 'yes',
  }
})

/** Where nothing is set systemd says -1, and before 236 it says nothing. */
function levelOrAll(text: string): number {
  const level = Number.parseInt(text || '-1', 10)
  return level < 0 ? 7 : level
}

export const engineUnit: Fact<EngineUnit> = {
  name: 'engine-unit',
  what: 'what systemd says of the unit that runs dockerd',
  schema,
}
