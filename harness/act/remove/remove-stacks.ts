import pLimit from 'p-limit'
import type { RemovalPlan, StackPlan } from '../../judge/removal/plan.ts'
import { waits } from '../../judge/removal/plan-removal.ts'
import { listenFor, type Pulse } from '../../reach/engine/pulse.ts'
import type { EngineReader, Filters } from '../../reach/engine/reader.ts'
import { shareReader } from '../../reach/engine/share.ts'
import { type Deadlines, defaultDeadlines, type Remover, type Work } from './hands.ts'
import { type Left, removeRest, removeStack } from './remove-stack.ts'

export interface RemoveOptions {
  readonly reader: EngineReader
  readonly writer: Remover
  readonly signal?: AbortSignal
  readonly deadlines?: Partial<Deadlines>
  /** A list of tasks filtered so still has all of the plan's, and is shorter. */
  readonly taskFilters?: Filters
  readonly onProgress?: (stack: string, what: string) => void
  /** How many stacks at once. */
  readonly atOnce?: number
  /** The longest pause between two looks. */
  readonly intervalMs?: number
  /** When to look again, where somebody listens to the engine already. */
  readonly pulse?: Pulse
}

/** What became of one stack. */
export type Outcome =
  | { readonly stack: string; readonly state: 'removed' }
  /** Somebody uses a part of it, or a node is down; run again once that is over. */
  | { readonly stack: string; readonly state: 'left'; readonly left: Left }
  /** It belongs to a run that may still be going on, and was not touched. */
  | { readonly stack: string; readonly state: 'refused'; readonly why: string }
  /** Not removed to its end. The same removal goes on from there. */
  | { readonly stack: string; readonly state: 'interrupted' | 'failed'; readonly error: unknown }

/** Removes all stacks of the plan, some at once. Never throws for one of them: each has its outcome, in the plan's order. */
export async function removeStacks(plan: RemovalPlan, options: RemoveOptions): Promise<readonly Outcome[]> {
  const over = new AbortController()
  try {
    return await removeAll(plan, { ...options, reader: shareReader(options.reader), pulse: pulseOf(options, over) })
  } finally {
    over.abort()
  }
}

type Options = RemoveOptions & { readonly pulse: Pulse }

function pulseOf({ reader, pulse, intervalMs = 250, signal }: RemoveOptions, over: AbortController): Pulse {
  if (pulse !== undefined) return pulse
  return listenFor(reader, {
    types: ['service', 'container', 'network'],
    isReason: ({ action }) => action === 'die' || action === 'destroy' || action === 'remove',
    shortestMs: Math.min(intervalMs, 100),
    longestMs: intervalMs,
    signal: signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]),
  })
}

async function removeAll(plan: RemovalPlan, options: Options): Promise<readonly Outcome[]> {
  const limit = pLimit(options.atOnce ?? 4)
  const outcomes = new Map<string, Outcome>()
  const all = (stacks: readonly StackPlan[]): Promise<unknown> =>
    Promise.all(
      stacks.map((stack) =>
        limit(async () => {
          const outcome = await outcomeOf(stack, options, outcomes.get(stack.name))
          outcomes.set(stack.name, outcome)
        }),
      ),
    )
  // While a service waits for an address, whatever else ends may leak.
  await all(plan.stacks.filter(waits))
  await all(plan.stacks.filter((stack) => !waits(stack)))
  // What one stack used of another is free by now.
  if (plan.stacks.length > 1) await all(plan.stacks.filter(({ name }) => outcomes.get(name)?.state === 'left'))
  return plan.stacks.flatMap(({ name }) => outcomes.get(name) ?? [])
}

async function outcomeOf(plan: StackPlan, options: Options, before: Outcome | undefined): Promise<Outcome> {
  const stack = plan.name
  if (plan.refusal !== undefined) return { stack, state: 'refused', why: plan.refusal }
  const { signal } = options
  try {
    signal?.throwIfAborted()
    const work = workOn(stack, options)
    const left =
      before?.state === 'left'
        ? { held: before.left.held, objects: await removeRest(plan, work) }
        : await removeStack(plan, work)
    return left.held.length + left.objects.length === 0 ? { stack, state: 'removed' } : { stack, state: 'left', left }
  } catch (error) {
    return { stack, state: signal?.aborted === true ? 'interrupted' : 'failed', error }
  }
}

function workOn(stack: string, options: Options): Work {
  const { reader, writer, signal, deadlines, onProgress, pulse, taskFilters } = options
  let last: string | undefined
  return {
    reader,
    writer,
    deadlines: { ...defaultDeadlines, ...deadlines },
    ...(taskFilters === undefined ? {} : { taskFilters }),
    pause: pulse.next,
    signal: signal ?? new AbortController().signal,
    onProgress: (what) => {
      if (what !== last) onProgress?.(stack, what)
      last = what
    },
  }
}
