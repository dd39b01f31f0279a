import { expect, onTestFinished, test } from 'vitest'
import { publishedPorts } from '../../model/facts/routing/published-ports.ts'
import type { CommandAnswer } from '../../reach/host/runner.ts'
import { openReader, openWeb } from './testing/outside.ts'

const service = (name: string, Ports: readonly object[] | null, EndpointSpec: object = {}) => ({
  ID: name,
  CreatedAt: '2026-11-20T12:00:00Z',
  UpdatedAt: '2026-11-20T12:00:00Z',
  Spec: { Name: name, TaskTemplate: {}, Mode: { Replicated: {} }, EndpointSpec },
  Endpoint: { Ports },
})

async function listen() {
  const web = await openWeb((_, response) => response.end())
  onTestFinished(() => web.close())
  return web
}

test('each tcp port of the control plane and of the proxy is knocked on', async () => {
  const [open, closed] = [await listen(), await listen()]
  closed.close()
  const services = [
    service('traefik_app', [
      { Protocol: 'tcp', TargetPort: 443, PublishedPort: open.port, PublishMode: 'ingress' },
      { Protocol: 'udp', TargetPort: 443, PublishedPort: 443, PublishMode: 'host' },
    ]),
    service('drone_app', [{ Protocol: 'tcp', TargetPort: 22, PublishedPort: closed.port, PublishMode: 'host' }]),
    // In host mode without a port of its own, the Swarm does not say which.
    service('bridge_app', null, { Ports: [{ TargetPort: 80, PublishMode: 'host' }] }),
    service('recipe_app', [{ Protocol: 'tcp', TargetPort: 1, PublishedPort: 1, PublishMode: 'ingress' }]),
  ]
  const { reader } = openReader({
    wanted: {
      proxy: { service: 'traefik_app' },
      controlPlane: [{ service: 'drone_app' }, { service: 'bridge_app' }, { service: 'traefik_app' }],
      routes: [{ url: 'https://drone.example.org/' }],
    },
    engine: { services },
  })
  const { value } = await reader.read(publishedPorts)
  expect(value.ports).toEqual([
    {
      ...{ service: 'traefik_app', published: open.port, target: 443, mode: 'ingress', protocol: 'tcp' },
      knock: expect.objectContaining({ host: 'drone.example.org', peer: `127.0.0.1:${open.port}` }),
    },
    { service: 'traefik_app', published: 443, target: 443, mode: 'host', protocol: 'udp' },
    {
      ...{ service: 'drone_app', published: closed.port, target: 22, mode: 'host', protocol: 'tcp' },
      knock: expect.objectContaining({ error: expect.objectContaining({ code: 'TCP_REFUSED' }) }),
    },
    { service: 'bridge_app', published: 0, target: 80, mode: 'host', protocol: 'tcp' },
  ])
  expect(value.ipvs).toEqual({ state: 'unknown', how: expect.stringContaining('the engine is reached over tcp') })
})

test('the place that is configured is knocked on before that of the first route', async () => {
  const { port } = await listen()
  const services = [service('a', [{ Protocol: 'tcp', TargetPort: 1, PublishedPort: port, PublishMode: 'ingress' }])]
  const wanted = { controlPlane: [{ service: 'a' }], publishedAt: '127.0.0.1', routes: [{ url: 'http://x.invalid/' }] }
  const { value } = await openReader({ wanted, engine: { services } }).reader.read(publishedPorts)
  expect(value.ports).toMatchObject([{ knock: { host: '127.0.0.1', peer: `127.0.0.1:${port}` } }])
})

test('a port that nobody says where to knock on is no fact; without ports nothing is missing', async () => {
  const services = [service('a', [{ Protocol: 'tcp', TargetPort: 1, PublishedPort: 1, PublishMode: 'ingress' }])]
  const wanted = { controlPlane: [{ service: 'a' }] }
  const reading = openReader({ wanted, engine: { services } }).reader.read(publishedPorts)
  await expect(reading).rejects.toMatchObject({ code: 'OBSERVE_NOT_CONFIGURED' })
  expect((await openReader({ wanted }).reader.read(publishedPorts)).value.ports).toEqual([])
})

const gone: Partial<CommandAnswer> = { exitCode: 127 }
const no: Partial<CommandAnswer> = { exitCode: 1 }

test.each<[string, Record<string, Partial<CommandAnswer>>, string, string]>([
  ['its table', { 'test -r': {} }, 'present', '/proc/net/ip_vs'],
  ['a module', { 'test -r': no, modprobe: {} }, 'present', 'modprobe'],
  ['no module', { 'test -r': no, modprobe: no }, 'absent', 'modprobe finds no'],
  ['no modules at all', { 'test -r': no, 'test -e': no }, 'absent', 'loads no modules'],
  ['nobody to look for modules', { 'test -r': no, modprobe: gone }, 'unknown', 'no modprobe'],
])('of a kernel that has %s', async (_, answers, state, how) => {
  const host = ([program = '', flag]: readonly string[]) => answers[program] ?? answers[`${program} ${flag}`] ?? {}
  const { reader, asked } = openReader({ wanted: {}, host })
  expect((await reader.read(publishedPorts)).value.ipvs).toEqual({ state, how: expect.stringContaining(how) })
  // It is looked for, and never loaded.
  const looked = asked.filter((command) => command.startsWith('modprobe'))
  expect(looked).toEqual('modprobe' in answers ? ['modprobe -n -q ip_vs'] : [])
})
