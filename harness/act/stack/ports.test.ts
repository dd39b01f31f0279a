import { expect, test } from 'vitest'
import type { EngineReader } from '../../reach/engine/reader.ts'
import { createPorts } from './ports.ts'

const never = new AbortController().signal

function readerWith(published: readonly number[]): EngineReader {
  const body = published.map((PublishedPort) => ({
    ...{ ID: `s${PublishedPort}`, CreatedAt: '', UpdatedAt: '' },
    Spec: { Name: 'web', TaskTemplate: {}, Mode: {}, EndpointSpec: { Ports: [{ PublishedPort }] } },
  }))
  const services = async () => ({ what: 'GET /services', startedAt: '', durationMs: 1, status: 200, body })
  return { services } as unknown as EngineReader
}

test('what somebody has is left out: services, sockets of the host, our own stacks', async () => {
  const ports = createPorts(readerWith([101]), { from: 100, to: 104 }, [102])
  expect(await Promise.all([ports.take(never), ports.take(never)])).toEqual([100, 103])
  expect(await ports.take(never)).toBe(104)
  await expect(ports.take(never)).rejects.toMatchObject({ code: 'STACK_NO_PORT', exit: 'blocked' })
})

test('a port that was given back is taken again only after the others, and one to avoid never', async () => {
  const ports = createPorts(readerWith([]), { from: 100, to: 102 })
  const first = await ports.take(never)
  ports.giveBack(first)
  expect(await ports.take(never)).toBe(101)
  ports.giveBack(101)
  ports.avoid(101)
  expect([await ports.take(never), await ports.take(never)]).toEqual([102, 100])
  await expect(ports.take(never)).rejects.toMatchObject({ code: 'STACK_NO_PORT' })
})
