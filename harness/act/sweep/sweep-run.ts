import { messageOf, PvcheckError } from '../../core/errors.ts'
import { type Attempt, pollUntil } from '../../core/poll.ts'
import type { SwarmFacts } from '../../judge/removal/swarm-facts.ts'
import { heldByDownNodes } from '../../judge/sweep/held-by-nodes.ts'
import { sayObject } from '../../judge/sweep/objects.ts'
import { planSweep } from '../../judge/sweep/plan-sweep.ts'
import { createOwnHand } from '../hand/own.ts'
import { readSwarm } from '../remove/read-swarm.ts'
import { type Outcome, removeStacks } from '../remove/remove-stacks.ts'
import { clearLock } from './clear-lock.ts'
import { createKnown, type Known } from './known.ts'
import { closeIntents, unseen } from './open-intents.ts'
import type { SweepParts } from './parts.ts'
import type { SweptRun } from './report.ts'
import { sweepContainers } from './sweep-containers.ts'

/** As many times something may turn up that was not there before, while nobody acts for the run any more. */
const mostRounds = 20
const lookMs = 60_000
const lookEveryMs = 500

/**
 * Removes all that carries the label of the run, in the order that does not leak; then containers that the Swarm has
 * forgotten, and its lock last. For whoever knows that the run acts no more. What stays is `left`, each with the reason;
 * called again, or twice at once, it goes on.
 * Throws `WAIT_TIMED_OUT`, or the signal's reason, where it could not see what is there.
 */
export async function sweepRun(
  run: string,
  parts: SweepParts,
): Promise<SweptRun & { readonly left: readonly string[] }> {
  const sweep = createKnown(run, parts)
  sweep.note(await look(parts))
  const left: string[] = []
  const containers: string[] = []
  let isThrough = false
  try {
    const stuck = await removeAll(sweep, parts)
    left.push(...stuck.flatMap((outcome) => reasonsOf(outcome, sweep)))
    isThrough = stuck.length === 0
    const isEnded = stuck.every(({ state }) => state === 'left')
    if (isEnded) {
      const swept = await sweepContainers(run, parts)
      containers.push(...swept.removed)
      left.push(...swept.left)
    }
    if (isEnded && parts.keepLock !== true && sweep.hasLock()) {
      await clearLock(run, parts)
      sweep.lockIsGone()
      // A list from before still has it, and it would look like something that has lost its mark.
      sweep.note(await look(parts))
    }
  } catch (error) {
    left.push(`the run ${run} was not swept to its end: ${messageOf(error)}`)
  }
  if (parts.intents !== undefined) {
    const { intents } = parts
    const open = sweep.open()
    const mayAppear = new Set(isThrough ? [] : unseen(open, sweep.seenNames))
    const settled = open.filter((intent) => !mayAppear.has(intent))
    left.push(...(await closeIntents(intents, settled, { present: sweep.present(), facts: sweep.facts() })))
  }
  return { run, owner: sweep.owner(), objects: [...sweep.removed(), ...containers], left: [...new Set(left)] }
}

/** Until nothing of the run is there and nothing of it can appear any more. Returns what did not go to its end. */
async function removeAll(sweep: Known, parts: SweepParts): Promise<readonly Outcome[]> {
  const { run } = sweep
  const { reader, writer, atOnce, signal, onProgress, deadlines, intervalMs } = parts
  let isOver = false
  for (let round = 1; round <= mostRounds; ) {
    const plan = planSweep([run], sweep.facts())
    if (plan.stacks.length === 0) {
      const pending = unseen(sweep.open(), sweep.seenNames)
      if (pending.length === 0 || isOver) return []
      // Only a look that begins after the time is over settles it.
      isOver = !sweep.mayAppear()
      onProgress(`waits whether ${pending.map(sayObject).join(', ')} appears yet`)
      sweep.note(await lookForMore(sweep, parts))
      continue
    }
    round += 1
    const mark = { run, owner: sweep.owner() || 'nobody', expires: '1970-01-01T00:00:00Z' }
    const outcomes = await removeStacks(plan, {
      reader,
      writer: createOwnHand({ reader, writer }, () => mark),
      atOnce,
      signal,
      onProgress: (stack, what) => onProgress(`${stack}: ${what}`),
      ...(deadlines === undefined ? {} : { deadlines }),
      ...(intervalMs === undefined ? {} : { intervalMs }),
    })
    const stuck = outcomes.filter(({ state }) => state !== 'removed')
    // What was seen before an interrupt is all that is known then.
    if (signal.aborted) return stuck
    sweep.note(await look(parts))
    if (stuck.length > 0) return stuck
  }
  throw endless(run)
}

function look({ reader, signal, intervalMs = lookEveryMs }: SweepParts): Promise<SwarmFacts> {
  const attempt = async (stop: AbortSignal) => ({ done: true as const, value: await readSwarm(reader, stop) })
  return pollUntil(attempt, { what: 'a look at what is there', timeoutMs: lookMs, intervalMs, signal })
}

/** Looks until there is something new of the run, or nothing of it can appear any more. */
function lookForMore(sweep: Known, parts: SweepParts): Promise<SwarmFacts> {
  const { reader, signal, intervalMs = lookEveryMs, intents } = parts
  const attempt = async (stop: AbortSignal): Promise<Attempt<SwarmFacts>> => {
    // Before the look: what appears until then is in it.
    const isLast = !sweep.mayAppear()
    const facts = await readSwarm(reader, stop)
    return isLast || sweep.isMore(facts)
      ? { done: true, value: facts }
      : { done: false, state: 'nothing has appeared yet' }
  }
  const timeoutMs = lookMs + (intents?.mayAppearMs ?? 0)
  return pollUntil(attempt, { what: 'what may appear yet', timeoutMs, intervalMs, signal })
}

function reasonsOf(outcome: Outcome, sweep: Known): readonly string[] {
  if (outcome.state === 'removed') return []
  if (outcome.state === 'refused') return [`${outcome.stack}: ${outcome.why}`]
  if (outcome.state !== 'left') return [`${outcome.stack}: not removed to its end: ${messageOf(outcome.error)}`]
  const held = heldByDownNodes(sweep.taskIds(), sweep.facts())
  return [...(held.length === 0 ? outcome.left.held : held), ...outcome.left.objects]
}

function endless(run: string): PvcheckError {
  return new PvcheckError({
    code: 'SWEEP_ENDLESS',
    seen: `in each of ${mostRounds} rounds there was something new of the run ${run}`,
    wanted: 'a run that creates nothing any more',
    remedy: 'See which process of pvcheck still acts for that run, and end it; then run again.',
    exit: 'residue',
  })
}
