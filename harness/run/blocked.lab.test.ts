import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LabMachine, runOn } from '../../lab/host/machine.ts'
import { mintName } from '../../lab/host/mint.ts'
import { labDown, labUp } from '../../lab/lab.ts'
import { startFixture } from './fixtures/start.ts'

const name = mintName('pvlab')
const progress = () => undefined
const planned = ['PV-ROUTE-001', 'PV-TEST-001'].map((check) => ({ check, title: 't' }))
let machine: LabMachine

beforeAll(async () => {
  machine = await labUp({ name, refreshMs: 500, progress })
})
afterAll(() => labDown({ which: { name }, progress }))

/** Runs the check that creates a service, and says what there was to be seen. */
async function act() {
  const create =
    'docker service create --quiet --detach --no-resolve-image --replicas 0 --name acted pvcheck-lab/busybox:1'
  const env = { PVT_ACT: `ssh -F '${machine.sshConfig}' lab '${create}'` }
  const run = await startFixture('acts', { planned, config: join(machine.dir, 'pvcheck.config.json') }, env)
  const { code } = await run.ended()
  const findings = (await run.bodies()).flatMap((body) => (body.kind === 'finding' ? [body] : []))
  const services = await runOn(machine, "docker service ls --format '{{.Name}}'")
  return { code, output: run.output(), findings, services: services.trim().split('\n') }
}

test('while a core route is down no service is created, and the finding says which route', async () => {
  await runOn(machine, 'docker service scale drone_app=0')
  const { code, output, findings, services } = await act()
  // The route itself failed, and a failure outranks what it blocks.
  expect(code, output).toBe(1)
  const down = findings.filter(({ check, verdict }) => check === 'PV-ROUTE-001' && verdict !== 'pass')
  expect(down.length, output).toBeGreaterThan(0)
  const blocked = findings.filter(({ check }) => check === 'PV-TEST-001')
  expect(blocked).toMatchObject([{ verdict: 'blocked', code: 'CORE_ROUTE_DOWN' }])
  for (const { subject, code: cause } of down) expect(blocked[0]?.actual).toContain(`${subject} (${cause})`)
  expect(output).toMatch(/‼ PV-TEST-001 .*drone\.ci\.lab\.test/)
  expect(services).not.toContain('acted')
})

test('once it is mended the service is created', async () => {
  await runOn(machine, 'docker service scale drone_app=1')
  const { code, output, services } = await act()
  expect(code, output).toBe(0)
  expect(services).toContain('acted')
})
