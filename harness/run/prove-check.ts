import type { Redact } from '../core/redact.ts'
import { applyCheck, notApplicableFinding, unreadFinding } from '../judge/apply.ts'
import type { Check, Facts, Needs } from '../model/check.ts'
import type { Expectations } from '../model/expectations.ts'
import type { Fact, FactReader, Observed } from '../model/fact.ts'
import { type Finding, findingSchema } from '../model/finding.ts'
import type { Recorder } from '../model/record.ts'

/** What a check is proven with. */
export interface Session {
  readonly reader: FactReader
  readonly recorder: Recorder
  /** Findings pass through it before anybody sees them: an error of ssh, say, is quoted in one. */
  readonly redact: Redact
  /** Aborts, with the first cause as its reason, when nothing more can be asked. */
  readonly lost: AbortSignal
  readonly wanted: Expectations
}

/**
 * Reads what the check needs, judges it and saves each finding; what cannot be read is `unknown`, never an error.
 * Throws the signal's reason when it aborts, and when a finding cannot be saved.
 */
export async function proveCheck<N extends Needs>(
  check: Check<N>,
  session: Session,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const findings = findingSchema.array().parse(session.redact(await findingsOf(check, session, signal)))
  for (const finding of findings) await session.recorder.append({ kind: 'finding', ...finding })
  return findings
}

async function findingsOf<N extends Needs>(
  check: Check<N>,
  session: Session,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const reason = check.notApplicable?.(session.wanted)
  if (reason !== undefined) return [notApplicableFinding(check, reason)]

  const names = Object.keys(check.needs)
  const answers = await Promise.allSettled(Object.values(check.needs).map((fact) => readOrLost(fact, session, signal)))
  signal.throwIfAborted()
  const observed = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
  const evidence = [...new Set(observed.map(({ seq }) => seq))].sort((a, b) => a - b)
  const failure = answers.find((answer) => answer.status === 'rejected')
  if (failure !== undefined) {
    const error: unknown = session.lost.aborted ? session.lost.reason : failure.reason
    return [unreadFinding(check, error, evidence)]
  }
  // Nothing was rejected, so there is one value for each name, in the same order.
  const facts = Object.fromEntries(names.map((name, index) => [name, observed[index]?.value])) as Facts<N>
  return applyCheck(check, facts, session.wanted, evidence)
}

async function readOrLost(
  fact: Fact<unknown>,
  { reader, lost }: Session,
  signal: AbortSignal,
): Promise<Observed<unknown>> {
  const over = AbortSignal.any([lost, signal])
  over.throwIfAborted()
  const ended = new AbortController()
  const gaveUp = new Promise<never>((_, reject) => {
    over.addEventListener('abort', () => reject(over.reason), { once: true, signal: ended.signal })
  })
  try {
    return await Promise.race([reader.read(fact), gaveUp])
  } finally {
    ended.abort()
  }
}
