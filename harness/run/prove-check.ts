import type { CarefulHand } from '../act/hand/careful.ts'
import { PvcheckError } from '../core/errors.ts'
import type { Redact } from '../core/redact.ts'
import { applyCheck, notApplicableFinding, unreadFinding } from '../judge/apply.ts'
import { blockedFinding } from '../judge/gate/blocked.ts'
import type { AnyCheck } from '../model/check.ts'
import type { Expectations } from '../model/expectations.ts'
import type { Fact, FactKeeper } from '../model/fact.ts'
import { type Finding, findingSchema } from '../model/finding.ts'
import type { Recorder } from '../model/record.ts'
import { isGreen } from '../model/verdict.ts'
import type { Target } from '../reach/target.ts'
import { ActingDenied } from './denial.ts'

/** What a check is proven with. */
export interface Session {
  readonly reader: FactKeeper
  readonly recorder: Recorder
  /** Findings pass through it before anybody sees them: an error of ssh, say, is quoted in one. */
  readonly redact: Redact
  /** Aborts, with the first cause as its reason, when nothing more can be asked. */
  readonly lost: AbortSignal
  readonly wanted: Expectations
  /** How long a check waits for what it reads; what is not there by then is `unknown`. */
  readonly patienceMs: number
  /** What was proven in this run, by id. */
  readonly proven: Map<string, Promise<readonly Finding[]>>
}

/** A session in which the target may be acted on. */
export interface ActingSession extends Session {
  /** The hand that creates under the run's lock, the same one each time. Throws `ActingDenied` where there is none. */
  readonly acting: () => Promise<CarefulHand>
  /** Where dockerd is. */
  readonly host: Target['host']
  /** Ends acting: whoever looks after the run knows that nobody holds the hand any more. */
  readonly letGo: () => Promise<void>
  /** Tells a person what is being waited for. */
  readonly progress: (text: string) => void
}

/** What a check does to the target before it asks. */
export interface Act {
  /**
   * Keeps what it did as a fact, cleans up after itself, and ends when the signal aborts; what it leaves is swept at the
   * end of the run.
   */
  readonly does: (session: ActingSession, signal: AbortSignal) => Promise<void>
  /** The longest that it can honestly take, milliseconds. */
  readonly takesMs: (wanted: Expectations) => number
}

/** What is done before a check is judged, once nothing stands in its way. */
export type Before = (signal: AbortSignal) => Promise<void>

/**
 * Reads what the check needs, judges it and saves each finding; what cannot be read is `unknown`, never an error. In a
 * run that happens once: later callers get the same findings. There is none where the run may not act and the check needs
 * it to. Throws the signal's reason when it aborts, and when a finding cannot be saved.
 */
export async function proveCheck(
  check: AnyCheck,
  session: Session,
  signal: AbortSignal,
  before?: Before,
): Promise<readonly Finding[]> {
  const proving = session.proven.get(check.id) ?? proveAnew(check, session, signal, before)
  session.proven.set(check.id, proving)
  try {
    return await proving
  } catch (error) {
    // Cancelled, or not saved: that says nothing about the host, and whoever asks next has a try of its own.
    session.proven.delete(check.id)
    throw error
  }
}

async function proveAnew(
  check: AnyCheck,
  session: Session,
  signal: AbortSignal,
  before: Before | undefined,
): Promise<readonly Finding[]> {
  const findings = findingSchema.array().parse(session.redact(await findingsOf(check, session, signal, before)))
  for (const finding of findings) await session.recorder.append({ kind: 'finding', ...finding })
  return findings
}

async function findingsOf(
  check: AnyCheck,
  session: Session,
  signal: AbortSignal,
  before: Before | undefined,
): Promise<readonly Finding[]> {
  const reason = check.notApplicable?.(session.wanted)
  if (reason !== undefined) return [notApplicableFinding(check, reason)]
  const blocked = await whatBlocks(check, session, signal)
  if (blocked.length > 0) return blocked
  try {
    await before?.(signal)
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof ActingDenied) return []
    return [unreadFinding(check, session.lost.aborted ? session.lost.reason : error, [])]
  }
  return judgeFacts(check, session, signal)
}

/** A finding for each requirement that does not hold. */
async function whatBlocks(check: AnyCheck, session: Session, signal: AbortSignal): Promise<readonly Finding[]> {
  const blocked: Finding[] = []
  for (const requirement of check.requires ?? []) {
    const findings = await proveCheck(requirement.check, session, signal)
    const standing = findings.filter(
      (finding) => !isGreen(finding.verdict) && requirement.blocks(finding, session.wanted),
    )
    if (standing.length > 0) blocked.push(blockedFinding(check, requirement, standing))
  }
  return blocked
}

async function judgeFacts(check: AnyCheck, session: Session, signal: AbortSignal): Promise<readonly Finding[]> {
  const names = Object.keys(check.needs)
  const answers = await readWithin(session.patienceMs, Object.values(check.needs), session, signal)
  signal.throwIfAborted()
  const observed = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
  const evidence = [...new Set(observed.map(({ seq }) => seq))].sort((a, b) => a - b)
  const failure = answers.find((answer) => answer.status === 'rejected')
  if (failure !== undefined) {
    const error: unknown = session.lost.aborted ? session.lost.reason : failure.reason
    return [unreadFinding(check, error, evidence)]
  }
  const facts = Object.fromEntries(names.map((name, index) => [name, observed[index]?.value]))
  // Nothing was rejected, so there is one value for each of the names that the check's own judge knows.
  return applyCheck(check, facts as never, session.wanted, evidence)
}

async function readWithin(
  patienceMs: number,
  facts: readonly Fact<unknown>[],
  { reader, lost }: Session,
  signal: AbortSignal,
) {
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(tookTooLong(patienceMs)), patienceMs)
  const over = AbortSignal.any([lost, signal, patience.signal])
  try {
    return await Promise.allSettled(facts.map((fact) => unlessOver(over, () => reader.read(fact))))
  } finally {
    clearTimeout(timer)
  }
}

/** The outcome of `work`, or the signal's reason once that aborts; `work` is left to itself then. */
export async function unlessOver<T>(over: AbortSignal, work: () => Promise<T>): Promise<T> {
  over.throwIfAborted()
  const ended = new AbortController()
  const gaveUp = new Promise<never>((_, reject) => {
    over.addEventListener('abort', () => reject(over.reason), { once: true, signal: ended.signal })
  })
  try {
    return await Promise.race([work(), gaveUp])
  } finally {
    ended.abort()
  }
}

function tookTooLong(patienceMs: number): PvcheckError {
  return new PvcheckError({
    code: 'RUN_FACT_TOO_LATE',
    seen: `no whole answer within ${Math.round(patienceMs / 1000)} s`,
    wanted: 'every fact that the check reads, each within its own deadlines',
    remedy:
      'Look at what was asked last, and how long that took; shorten `target.http` timeouts if hosts are that slow.',
    exit: 'unknown',
  })
}
