import { randomUUID } from 'node:crypto'
import { joinErrors } from '../../core/errors.ts'
import { type EngineNow, expiryAfter, lockName, type Mark } from '../../model/mark.ts'
import type { AskOptions, EngineAnswer } from '../../reach/engine/reader.ts'
import { createHold, type Hold, type LockParts } from './hold.ts'
import { fenceLabel, findLock, type LockObject, newLock, relabelled } from './lock-object.ts'
import { clocksApart, contended, foreignLock, heldBy, lost, misuse, refused } from './lock-trouble.ts'
import { isDone, removeLock } from './remove-lock.ts'

/** How far the clocks of two managers may be apart: what one calls ended the other may hold for so much longer. */
const apartSeconds = 5
/** After its end a lease is left alone for as long as two clocks, each that far from the leader's, can disagree. */
export const graceSeconds = 2 * apartSeconds
const attempts = 5

/**
 * Takes the lock of the Swarm, and takes it over where its lease has ended by the engine's clock. Throws `LOCK_HELD`
 * or `LOCK_FOREIGN` where somebody else has it, and leaves nothing behind then.
 */
export async function takeLock(parts: LockParts, options?: AskOptions): Promise<Hold> {
  const { run, owner, leaseSeconds, createSeconds } = parts
  if (leaseSeconds < 3 * createSeconds) throw misuse(`a lease of ${leaseSeconds} s for creates of ${createSeconds} s`)
  const text = `pvcheck acts on this Swarm: run ${run} of "${owner}". Until when, its labels say.\n${randomUUID()}\n`
  await parts.intents.intend('config', lockName)
  const attempt: Attempt = { text, mayAppear: false }
  try {
    const taken = await create(parts, attempt, options)
    await parts.intents.created('config', lockName, taken.id)
    return createHold(parts, taken)
  } catch (error) {
    throw await giveUp(parts, attempt, error)
  }
}

interface Attempt {
  readonly text: string
  /** Whether a create was sent and never answered. */
  mayAppear: boolean
}

async function create(parts: LockParts, attempt: Attempt, options: AskOptions | undefined): Promise<LockObject> {
  let last: EngineAnswer | undefined
  for (let count = 1; count <= attempts; count += 1) {
    const before = await parts.clock.ask(options)
    const mark = { run: parts.run, owner: parts.owner, expires: expiryAfter(parts.leaseSeconds, before) }
    last = await createOnce(parts, attempt, mark, options)
    if (last === undefined || last.status === 201) return await lookAt(parts, attempt.text, before, options)
    if (last.status !== 409) throw refused(last)
    last = (await makeWay(parts, options)) ?? last
  }
  throw last === undefined ? misuse('no attempt was made') : contended(attempts, last)
}

/** The answer; none where there was none, and the lock is there all the same. */
async function createOnce(
  parts: LockParts,
  attempt: Attempt,
  mark: Mark,
  options: AskOptions | undefined,
): Promise<EngineAnswer | undefined> {
  try {
    return await parts.writer.createConfig(newLock(mark, attempt.text), options)
  } catch (error) {
    attempt.mayAppear = true
    const found = await findLock(parts.engine, options).catch((also: unknown) => {
      throw joinErrors(error, [also])
    })
    if (found?.text !== attempt.text) throw error
    return undefined
  }
}

/** The lock that was just created, dated by a leader whose clock can be relied on. */
async function lookAt(
  { engine, clock }: LockParts,
  text: string,
  before: EngineNow,
  options: AskOptions | undefined,
): Promise<LockObject> {
  const found = await findLock(engine, options)
  if (found?.text !== text) throw lost('somebody removed it as soon as it was created')
  const after = await clock.now(options)
  const createdMs = Date.parse(found.createdAt)
  const apartMs = Math.max(before.earliestMs - createdMs, createdMs - after.latestMs)
  // A date that cannot be read is apart, too.
  if (apartMs <= apartSeconds * 1000) return found
  throw clocksApart(found.createdAt, isoOf(before.earliestMs), apartSeconds)
}

/**
 * Removes a lock that has ended, and that very one: first its labels are changed on the condition that it still is as
 * it was read, so that a renewal which is under way is refused, or makes us the ones who are. Returns the refusal where
 * somebody was faster; throws where somebody holds it.
 */
async function makeWay(
  { engine, writer, clock, run }: LockParts,
  options: AskOptions | undefined,
): Promise<EngineAnswer | undefined> {
  const found = await findLock(engine, options)
  if (found === undefined) return undefined
  if (found.reading.kind !== 'mark') throw foreignLock(found)
  const { mark } = found.reading
  const { earliestMs } = await clock.ask(options)
  const freeMs = Date.parse(mark.expires) + graceSeconds * 1000
  if (earliestMs < freeMs) throw heldBy(found, mark, isoOf(earliestMs), isoOf(freeMs))
  const fenced = await writer.updateConfig(found.id, found.version, relabelled(found, { [fenceLabel]: run }), options)
  // An engine answers 500 where the version has moved on: what it means, the next look tells.
  if (!isDone(fenced)) return fenced
  await removeLock({ engine, writer }, found.id, options)
  return undefined
}

/** After a failure: what we may have created is removed, whoever called it off. The first cause stands. */
async function giveUp({ engine, writer, intents }: LockParts, attempt: Attempt, error: unknown): Promise<unknown> {
  try {
    const found = await findLock(engine)
    if (found?.text === attempt.text) {
      await removeLock({ engine, writer }, found.id)
    } else if (attempt.mayAppear) {
      // It may be created yet: its intent stays open, for whoever sweeps.
      return error
    }
    await intents.gone('config', lockName)
    return error
  } catch (also) {
    return joinErrors(error, [also])
  }
}

function isoOf(ms: number): string {
  return new Date(Math.floor(ms)).toISOString()
}
