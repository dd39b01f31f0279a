import { PvcheckError } from '../../core/errors.ts'
import type { RunOptions } from '../../reach/host/runner.ts'
import type { Asker } from '../question.ts'
import type { DecodedLine } from './decode-line.ts'
import { decodeLine } from './decode-line.ts'

const fields = ['MESSAGE', 'SYSLOG_IDENTIFIER', 'CONTAINER_ID', '_SYSTEMD_INVOCATION_ID']

/** Newest first, so that what is cut off is the oldest; `--all`, or long messages come as null. */
const journalctl = [
  'journalctl',
  '--system',
  '--no-pager',
  '--all',
  '--output=json',
  `--output-fields=${fields.join(',')}`,
]

export interface RawJournalAnswer {
  readonly exitCode: number
  readonly stderr: string
  readonly truncated: boolean
  /** In the order in which they were logged. */
  readonly entries: readonly DecodedLine[]
}

/** Asks journalctl for lines, newest first. */
export async function askJournal(
  asker: Asker,
  matches: readonly string[],
  options?: RunOptions,
): Promise<RawJournalAnswer> {
  const answer = readAnswer(await asker.run([...journalctl, '--reverse', ...matches], options))
  return { ...answer, entries: answer.entries.toReversed() }
}

/** The oldest line that matches, and no more: journalctl itself can only count from the newest. */
export async function askFirstLine(asker: Asker, matches: readonly string[]): Promise<RawJournalAnswer> {
  return readAnswer(await asker.run(['sh', '-c', '"$@" | head -n 1', 'sh', ...journalctl, ...matches]))
}

function readAnswer(command: Awaited<ReturnType<Asker['run']>>): RawJournalAnswer {
  const { exitCode, stderr, truncated } = command
  const lines = command.stdout.split('\n').filter((line) => line.startsWith('{'))
  // The last line of an answer that was cut off is not whole.
  const whole = truncated && !command.stdout.endsWith('\n') ? lines.slice(0, -1) : lines
  return { exitCode, stderr, truncated, entries: whole.map(decode) }
}

function decode(line: string): DecodedLine {
  try {
    return decodeLine(line)
  } catch (error) {
    throw new PvcheckError({
      code: 'OBSERVE_JOURNAL_LINE',
      seen: 'journalctl printed a line that is not a JSON object',
      wanted: 'one JSON object a line',
      remedy: 'Run the journalctl command of this observation by hand and look at its output.',
      exit: 'unknown',
      cause: error,
    })
  }
}
