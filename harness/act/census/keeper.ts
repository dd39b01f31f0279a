import { z } from 'zod'
import { type Attempt, pollUntil } from '../../core/poll.ts'
import { markLabels, nameOf } from '../../model/mark.ts'
import type { Attempted, CarefulHand } from '../hand/careful.ts'
import { cannotLook } from '../remove/look.ts'
import type { CanarySpec } from './canary-specs.ts'
import { listTasks } from './list-tasks.ts'

/** A canary as a list shows it. */
export interface Listed {
  readonly id: string
  readonly name: string
  /** By the id of the network; absent as long as it has none. */
  readonly vips: ReadonlyMap<string, string>
  /** As the engine told it: what it is removed by. */
  readonly raw: unknown
}

/** Creates canaries, knows which are there, and sees them gone. */
export interface Keeper {
  /** A number that no other canary has. */
  number(): number
  /** Each has its outcome; what was sent is released by `release`, whatever became of it. */
  create(specs: readonly CanarySpec[], signal: AbortSignal): Promise<readonly Attempted[]>
  /** All canaries that are there now. */
  list(signal: AbortSignal): Promise<readonly Listed[]>
  /** Removes them all. Nobody's signal ends that but the loss of the lock, for what stays costs addresses. */
  release(known?: readonly Listed[]): Promise<void>
  /** Until a list shows that none is there, and that is written down. */
  settle(): Promise<void>
}

const listSchema = z.array(
  z.object({
    ID: z.string(),
    Spec: z.object({ Name: z.string() }),
    Endpoint: z
      .object({ VirtualIPs: z.array(z.object({ NetworkID: z.string(), Addr: z.string().default('') })).nullish() })
      .nullish(),
  }),
)

/** How long a removal is tried: a dockerd that is being restarted is back by then. */
const removeMs = 60_000

/** `numbers` gives each canary one that no other of the census has. */
export function createKeeper(hand: CarefulHand, numbers: () => number): Keeper {
  const prefix = nameOf(hand.run, 0).replace(/0$/, '')
  /** Created, and not yet seen to be gone. */
  const there = new Map<string, { isRemoved: boolean }>()
  const everThere = new Set<string>()
  const doubtful = new Set<string>()

  async function list(signal: AbortSignal): Promise<readonly Listed[]> {
    const answer = await hand.many.reader.services({ filters: { name: [prefix] }, signal })
    const parsed = listSchema.safeParse(answer.body ?? [])
    if (answer.status !== 200 || !parsed.success || !(answer.body === null || Array.isArray(answer.body))) {
      throw cannotLook(`${answer.what} was answered with ${answer.status}, and no list of services`)
    }
    const raw: readonly unknown[] = answer.body ?? []
    const all = parsed.data.map(({ ID, Spec, Endpoint }, index): Listed => {
      const vips = (Endpoint?.VirtualIPs ?? []).filter(({ Addr }) => Addr !== '')
      const byNetwork = new Map(vips.map(({ NetworkID, Addr }) => [NetworkID, Addr.replace(/\/.*$/, '')]))
      return { id: ID, name: Spec.Name, vips: byNetwork, raw: raw[index] }
    })
    noteGone(new Set(all.map(({ name }) => name)))
    // The run may have services of other kinds, and what is removed may still be listed.
    return all.filter(({ name }) => there.has(name) || doubtful.has(name))
  }

  function noteGone(listed: ReadonlySet<string>): void {
    const gone = [...there].filter(([name, { isRemoved }]) => isRemoved && !listed.has(name)).map(([name]) => name)
    if (gone.length === 0) return
    hand.many.gone(gone)
    for (const name of gone) there.delete(name)
  }

  async function remove(known: readonly Listed[], signal: AbortSignal): Promise<void> {
    await hand.many.remove(
      known.map(({ raw }) => raw),
      { signal },
    )
    for (const { id, name } of known) {
      there.set(name, { isRemoved: true })
      everThere.add(id)
      doubtful.delete(name)
    }
  }

  async function release(known?: readonly Listed[]): Promise<void> {
    if (there.size + doubtful.size === 0) return
    let current = known
    await pollUntil<undefined>(
      async (signal): Promise<Attempt<undefined>> => {
        const listed = current ?? (await list(signal))
        current = undefined
        await remove(listed, signal)
        const left = [...there].filter(([, { isRemoved }]) => !isRemoved)
        for (const [name, canary] of left) if (!listed.some((one) => one.name === name)) canary.isRemoved = true
        return { done: true, value: undefined }
      },
      { what: 'the canaries to be removed', timeoutMs: removeMs, intervalMs: 200, signal: hand.lost },
    )
  }

  return {
    number: numbers,
    async create(specs, signal) {
      const attempted = await hand.many.create(specs, { signal })
      for (const { name, id } of attempted) {
        if (id === undefined) {
          // It may yet appear; its intent stays open unless it is seen, and removed.
          doubtful.add(name)
          continue
        }
        there.set(name, { isRemoved: false })
        everThere.add(id)
      }
      return attempted
    },
    list,
    release,
    async settle() {
      await pollUntil<undefined>(
        async (signal) => {
          const listed = await list(signal)
          if (listed.length > 0) await remove(listed, signal)
          const tasks = await listTasks(hand, { label: [`${markLabels.run}=${hand.run}`] }, signal)
          // A task goes some moments after its service, and holds its address until then.
          const held = tasks.filter(({ ServiceID }) => everThere.has(ServiceID))
          const left = [...there.keys(), ...held.map(({ ID }) => `task ${ID}`)]
          return left.length === 0 ? { done: true, value: undefined } : { done: false, state: left.join(', ') }
        },
        { what: 'no canary to be left', timeoutMs: removeMs, intervalMs: 100, signal: hand.lost },
      )
      await hand.many.flush()
    },
  }
}
