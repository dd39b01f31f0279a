import { expect, test } from 'vitest'
import { PvcheckError } from '../../core/errors.ts'
import { services } from '../../model/facts/services.ts'
import { createCanaryPorts, isPortTaken } from './canary-ports.ts'

const published = (port: number) =>
  services.schema.parse([
    {
      ...{ ID: 's1', CreatedAt: '', UpdatedAt: '' },
      Spec: { Name: 'web', TaskTemplate: {}, Mode: {}, EndpointSpec: { Ports: [{ PublishedPort: port }] } },
    },
  ])
const refused = (seen: string) =>
  new PvcheckError({ code: 'CREATE_REFUSED', seen, wanted: '', remedy: '', exit: 'failed' })

test('ports are taken in turn, without those that somebody has', () => {
  const ports = createCanaryPorts({ from: 10, to: 14 }, published(12))
  expect(ports.count).toBe(4)
  expect([ports.take(3), ports.take(2), ports.take(9)]).toEqual([
    [10, 11, 13],
    [14, 10],
    [11, 13, 14, 10],
  ])
})

test('one that somebody was faster with is not tried again, and no other refusal is taken for that', () => {
  const ports = createCanaryPorts({ from: 10, to: 12 }, [])
  const taken = refused("port '11' is already in use by service 'web' (s1) as an ingress port")
  expect([isPortTaken(taken), isPortTaken(refused('no leader')), isPortTaken(new Error('x'))]).toEqual([
    true,
    false,
    false,
  ])
  ports.avoid(taken)
  ports.avoid(refused('no leader'))
  expect(ports.take(9)).toEqual([10, 12])
})
