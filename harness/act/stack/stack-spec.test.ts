import { expect, test } from 'vitest'
import { throwawaySchema } from '../../model/throwaway.ts'
import type { Ground } from './ground.ts'
import { commandOf, namesOf, networkSpec, serviceSpec } from './stack-spec.ts'

const run = '20261120T121700Z-3f2a'
const names = namesOf(run, 7)
const ground: Ground = {
  image: 'sha256:0effc8e4',
  nodeId: 'n1',
  nodes: [],
  sharedNetwork: { id: 'p1', name: 'proxy' },
  networkNames: new Map(),
  canLimit: { memory: true, cpu: true, pids: true },
}
const at = { networkId: 'own1', port: 28_107 }
const specOf = (given: Record<string, unknown> = {}, on: Ground = ground) =>
  serviceSpec(names, on, throwawaySchema.parse(given), at)

test('its names tell the run, and docker knows it as a stack', () => {
  const stack = 'pvc-20261120t121700z-3f2a-7'
  expect(names).toEqual({ stack, network: `${stack}-net`, service: `${stack}-web` })
  expect(networkSpec(names)).toMatchObject({ Name: `${stack}-net`, Driver: 'overlay', Labels: labelled(stack) })
  const spec = specOf()
  expect(spec).toMatchObject({ Name: `${stack}-web`, Labels: { ...labelled(stack), 'traefik.enable': 'false' } })
  expect(spec.TaskTemplate.ContainerSpec.Labels).toEqual(labelled(stack))
})

const labelled = (stack: string) => ({ 'com.docker.stack.namespace': stack })

test('its own network comes before the shared one: what a failed allocation loses is lost where it goes', () => {
  expect(specOf().TaskTemplate.Networks).toEqual([{ Target: 'own1' }, { Target: 'p1' }])
})

test('it runs once, without rights, without a log, on the node that was asked', () => {
  const { TaskTemplate, Mode } = specOf()
  expect(Mode).toEqual({ Replicated: { Replicas: 1 } })
  expect(TaskTemplate).toMatchObject({
    RestartPolicy: { Condition: 'none' },
    LogDriver: { Name: 'none' },
    Placement: { Constraints: ['node.id==n1'] },
    ContainerSpec: { ReadOnly: true, CapabilityDrop: ['ALL'], StopSignal: 'SIGKILL', Image: 'sha256:0effc8e4' },
    Resources: { Limits: { MemoryBytes: 32 * 1024 * 1024, NanoCPUs: 500_000_000, Pids: 32 } },
  })
  expect(specOf({ constraints: ['node.role==worker'] }).TaskTemplate.Placement.Constraints).toEqual([
    'node.role==worker',
  ])
})

test('a limit that the kernel cannot keep is not asked for', () => {
  const canLimit = { memory: false, cpu: false, pids: false }
  expect(specOf({}, { ...ground, canLimit }).TaskTemplate.Resources.Limits).toEqual({})
})

test.each(['ingress', 'host'] as const)('its port is told, in %s mode', (mode) => {
  const { EndpointSpec } = specOf({ publish: { mode }, targetPort: 8080 })
  const port = { Protocol: 'tcp', TargetPort: 8080, PublishedPort: 28_107, PublishMode: mode }
  expect(EndpointSpec).toEqual({ Mode: 'vip', Ports: [port] })
})

test('its command is filled in argument by argument, and no shell sees it', () => {
  const given = { lifetimeSeconds: 900, targetPort: 80 }
  expect(commandOf({ ...throwawaySchema.parse({}), ...given }).join(' ')).toMatch(/ 80\b.* 900\b| 900\b.* 80\b/)
  const command = ['serve', '--for={seconds}s', '--listen', '0.0.0.0:{port}', '$(x)']
  expect(commandOf({ command, ...given })).toEqual(['serve', '--for=900s', '--listen', '0.0.0.0:80', '$(x)'])
})
