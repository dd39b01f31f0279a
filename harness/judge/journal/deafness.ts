import type { Judgement } from '../../model/check.ts'
import type { EngineConfig } from '../../model/facts/engine-config.ts'
import type { HearingFacts } from './journal-facts.ts'
import { linesOfRunning, timeOf } from './own-lines.ts'

export type Deafness = Required<Pick<Judgement, 'actual' | 'reason' | 'remedy'>>

/** Why what dockerd prints now may not come to the journal, whatever it printed when it started. */
export function deafnessOf(facts: HearingFacts): Deafness | undefined {
  return muteness(facts) ?? filter(facts) ?? silenceSinceStart(facts)
}

/** dockerd logs the want of an address as an error. */
function muteness({ config, unit }: HearingFacts): Deafness | undefined {
  const level = logLevelOf(config, unit.argv)
  if (level !== 'fatal' && level !== 'panic') return undefined
  return {
    actual: `\`log-level\` is ${level}`,
    reason: 'dockerd prints no errors: silence is no evidence',
    remedy:
      'Take `log-level` out of the configuration of dockerd; it holds from its next start, in a maintenance window.',
  }
}

function logLevelOf(config: EngineConfig, argv: readonly string[]): string | undefined {
  const index = argv.findIndex((word) => /^(--log-level|-l)(=|$)/.test(word))
  const flag = argv[index]
  if (flag !== undefined) return flag.includes('=') ? flag.split('=')[1] : argv[index + 1]
  return config.kind === 'read' ? config.logLevel : undefined
}

const levels = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug']

/** What dockerd prints has one level for journald, that of the unit, whatever the line says itself. */
function filter({ journald, unit }: HearingFacts): Deafness | undefined {
  const say = (level: number): string => (levels[level] === undefined ? 'empty' : `${level} (${levels[level]})`)
  const lost = `journald throws away what ${unit.id} prints, at level ${say(unit.syslogLevel)}: silence is no evidence`
  const remedy =
    'Take that setting out of journald.conf and its drop-ins (`systemd-analyze cat-config systemd/journald.conf` shows them), `systemctl restart systemd-journald`, and then `systemctl reload` dockerd, which makes it log a line.'
  if (journald.storage === 'none') return { actual: 'Storage is none', reason: lost, remedy }
  if (journald.maxLevelStore < unit.syslogLevel) {
    return { actual: `MaxLevelStore is ${say(journald.maxLevelStore)}`, reason: lost, remedy }
  }
  if (unit.maxLogLevel >= unit.syslogLevel) return undefined
  return {
    actual: `LogLevelMax of ${unit.id} is ${say(unit.maxLogLevel)}`,
    reason: lost,
    remedy: `Take \`LogLevelMax\` out of ${unit.id} and its drop-ins, \`systemctl daemon-reload\`, and restart dockerd in a maintenance window.`,
  }
}

/** A journald that was started anew may have another configuration, or have lost the stream from dockerd. */
function silenceSinceStart(facts: HearingFacts): Deafness | undefined {
  const { journald, unit } = facts
  const last = linesOfRunning(facts).at(-1)
  if (last === undefined) return undefined
  const startedUs = Date.parse(journald.startedAt ?? '') * 1000
  if (last.timeUs >= startedUs) return undefined
  const since = journald.startedAt === undefined ? 'does not run' : `was started at ${timeOf(startedUs)}`
  return {
    actual: `the last line at ${timeOf(last.timeUs)}, and journald ${since}`,
    reason: `dockerd has not been heard since journald was restarted: silence is no evidence`,
    remedy: `\`systemctl reload ${unit.id}\` makes dockerd log a line, and stops nothing. If none comes, it has lost its way to journald: restart dockerd on this node in a maintenance window.`,
  }
}
