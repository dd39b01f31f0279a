import { pollUntil } from '../../core/poll.ts'
import { markLabels } from '../../model/mark.ts'
import type { ServicesParts } from './ask-services.ts'
import type { Batch } from './batch.ts'
import { tasksCanary } from './canary-specs.ts'
import { type CanaryTask, listTasks } from './list-tasks.ts'
import { untilGiven } from './until-given.ts'

/** So many tasks are given their addresses in a millisecond. */
const tasksPerMs = 6

/** One service whose tasks no node may run: each is given an address, and then waits. */
export async function askTasks(
  { hand, keeper, network }: Pick<ServicesParts, 'hand' | 'keeper' | 'network'>,
  count: number,
  signal: AbortSignal,
): Promise<Batch> {
  const [attempted] = await keeper.create([tasksCanary(hand.run, keeper.number(), network.Id, count)], signal)
  const { id, error } = attempted ?? {}
  if (id === undefined) throw error
  let tasks: readonly CanaryTask[] = []
  const addresses = (): readonly string[] => tasks.flatMap((task) => addressOf(task, network.Id) ?? [])
  const isShort = await untilGiven(
    async (stop) => {
      tasks = await listTasks(hand, { service: [id] }, stop)
      return addresses().length
    },
    { wanted: count, firstMs: count / tasksPerMs },
    signal,
  )
  await keeper.release()
  // The tasks go some moments later, and hold their addresses until then. Asked for by the service that is gone the
  // engine answers 404, and a list of all of them is long: a few tell when it is worth while to look at all.
  const some = [tasks.at(0), tasks.at(-1)].flatMap((task) => task?.ID ?? [])
  await pollUntil(
    async (stop) => {
      if (some.length > 0 && (await listTasks(hand, { id: some }, stop)).length > 0)
        return { done: false, state: 'they are there' }
      const left = await listTasks(hand, { label: [`${markLabels.run}=${hand.run}`] }, stop)
      const ours = left.filter(({ ServiceID }) => ServiceID === id).length
      return ours === 0 ? { done: true, value: undefined } : { done: false, state: `${ours} of them are there` }
    },
    { what: `the tasks of ${attempted?.name} to be gone`, timeoutMs: 60_000, intervalMs: 25, signal: hand.lost },
  )
  return { addresses: addresses(), creates: 1, isShort }
}

function addressOf({ NetworksAttachments }: CanaryTask, networkId: string): string | undefined {
  const held = (NetworksAttachments ?? []).find(({ Network }) => Network.ID === networkId)
  return held?.Addresses?.[0]?.replace(/\/.*$/, '')
}
