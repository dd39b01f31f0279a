import type { Fact } from '../fact.ts'
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
  /** The unit on disk is newer than the one that systemd knows. */
  readonly needsDaemonReload: boolean
}

const schema = succeededSchema.transform((stdout): EngineUnit => {
  const properties = new Map<string, string>()
  for (const line of stdout.split('\n')) {
    const separator = line.indexOf('=')
    if (separator > 0) properties.set(line.slice(0, separator), line.slice(separator + 1))
  }
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
    needsDaemonReload: read('NeedDaemonReload') === 'yes',
  }
})

/** systemd's `Fri 2026-11-20 12:01:01.123456 UTC`, as ISO 8601. */
function readTimestamp(text: string): string | undefined {
  const match = /(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d+)?) UTC/.exec(text)
  return match === null ? undefined : `${match[1]}T${match[2]}Z`
}

export const engineUnit: Fact<EngineUnit> = {
  name: 'engine-unit',
  what: 'what systemd says of the unit that runs dockerd',
  schema,
}
