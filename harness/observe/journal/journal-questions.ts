import { engineUnit } from '../../model/facts/engine-unit.ts'
import { journalAnchors } from '../../model/facts/journal-anchors.ts'
import { journalFiles } from '../../model/facts/journal-files.ts'
import { journalSuppressed } from '../../model/facts/journal-suppressed.ts'
import { journalWindow } from '../../model/facts/journal-window.ts'
import { engineUnitName } from '../host/unit-name.ts'
import type { Asker, Question } from '../question.ts'
import { askFirstLine, askJournal } from './ask-journal.ts'
import { journaldQuestion } from './journald.ts'
import { atTime, windowStart } from './window.ts'

/** Some 40,000 lines: more in one window is a finding in itself, and what was cut off makes the verdict unknown. */
const maxWindowBytes = 16 * 1024 * 1024

/** "Suppressed N messages from UNIT", by its message id; what journald itself logs comes by a transport of its own. */
const suppressedMessageId = 'a596d6fe7bfa4994828e72309e95d61e'

export const journalQuestions: readonly Question[] = [
  {
    fact: journalWindow,
    ask: async (asker) => {
      const since = await windowStart(asker)
      const options = { maxBytes: maxWindowBytes, timeoutMs: 60_000 }
      const answer = await askJournal(asker, [`--since=${atTime(since)}`, ...ownLines(asker)], options)
      return { since: since.toISOString(), ...answer }
    },
  },
  {
    fact: journalAnchors,
    ask: async (asker) => {
      const [unit, since] = await Promise.all([asker.read(engineUnit), windowStart(asker)])
      const invocation = `_SYSTEMD_INVOCATION_ID=${unit.invocationId}`
      const [first, before] = await Promise.all([
        askFirstLine(asker, [...ownLines(asker), invocation]),
        askJournal(asker, [`--until=${atTime(since)}`, '--lines=1', ...ownLines(asker)]),
      ])
      return { first, before }
    },
  },
  {
    fact: journalSuppressed,
    ask: async (asker) => {
      const since = await windowStart(asker)
      return askJournal(asker, [`--since=${atTime(since)}`, '_TRANSPORT=driver', `MESSAGE_ID=${suppressedMessageId}`])
    },
  },
  { fact: journalFiles, ask: (asker) => asker.run(['journalctl', '--header', '--no-pager']) },
  journaldQuestion,
]

/**
 * Lines that the unit's processes printed. With the journald log driver the lines of containers are filed under
 * dockerd's unit, too, but they come by another transport.
 */
function ownLines(asker: Asker): string[] {
  return [`_SYSTEMD_UNIT=${engineUnitName(asker.wanted)}`, '_TRANSPORT=stdout']
}
