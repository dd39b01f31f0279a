import { pollUntil } from '../../../core/poll.ts'
import { services } from '../../../model/facts/services.ts'
import type { EngineReader } from '../../../reach/engine/reader.ts'
import type { EngineWriter } from '../../../reach/engine/writer.ts'
import { listed } from '../look.ts'

interface Hands {
  readonly reader: EngineReader
  readonly writer: EngineWriter
}

/** How many addresses a small network (at most a /27) has left: services without tasks, on it alone, until none is given a VIP. */
export async function freeOn(network: string, { reader, writer }: Hands): Promise<number> {
  const ids: string[] = []
  for (let number = 0; number < 31; number += 1) {
    const { status, body } = await writer.createService({
      Name: `count-${number}`,
      TaskTemplate: { ContainerSpec: { Image: 'pvcheck-lab/busybox:1' }, Networks: [{ Target: network }] },
      Mode: { Replicated: { Replicas: 0 } },
      EndpointSpec: { Mode: 'vip' },
    })
    if (status !== 201) throw new Error(JSON.stringify(body))
    ids.push(Object(body).ID)
  }
  const served = async (): Promise<number> =>
    listed(services, await reader.services()).filter(
      ({ ID, Endpoint }) => ids.includes(ID) && (Endpoint?.VirtualIPs ?? []).some(({ Addr }) => Addr !== ''),
    ).length
  let last = -1
  let since = performance.now()
  const free = await pollUntil(
    async () => {
      const now = await served()
      if (now !== last) since = performance.now()
      last = now
      return performance.now() - since > 1_500 ? { done: true, value: now } : { done: false, state: `${now} served` }
    },
    { what: 'no more service to be served', timeoutMs: 30_000 },
  )
  for (const id of ids) await writer.removeService(id)
  await pollUntil(
    async () => {
      const left = await served()
      return left === 0 ? { done: true, value: undefined } : { done: false, state: `${left} left` }
    },
    { what: 'the counting services to be gone', timeoutMs: 30_000 },
  )
  return free
}
