import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LabMachine, runOn } from '../host/machine.ts'
import { ownStateHome } from '../host/testing/state-home.ts'
import { labUp } from '../lab.ts'
import { truthOf } from '../leak/truth.ts'
import { waitOn } from '../sabotage/wait.ts'
import { hungApp } from './deploy/incident.ts'

const state = ownStateHome()
let machine: LabMachine

beforeAll(async () => {
  machine = await labUp({ name: 'incident', incident: true, refreshMs: 500, progress: () => undefined })
}, 300_000)

afterAll(() => state.remove(), 60_000)

const running = "docker service ls --format '{{.Name}} {{.Replicas}}' | sort"
const stacks = ['ccci-bridge', 'ccci-dashboard', 'ccci-reports', 'drone', 'traefik']

test('a practice host after the incident: everything runs but the app that is deployed now', async ({ signal }) => {
  const listed = (await runOn(machine, running, { signal })).trim().split('\n')
  expect(listed.sort()).toEqual([...stacks.map((stack) => `${stack}_app 1/1`), `${hungApp}_app 0/1`].sort())
  const task = `docker service ps --format '{{.CurrentState}}|{{.Error}}' ${hungApp}_app`
  expect(await runOn(machine, task, { signal })).toMatch(/^New .*\|\n$/)
  // It waits for the shared network alone, so its waiting leaks on no other.
  expect(
    await runOn(machine, "docker network ls --filter driver=overlay --format '{{.Name}}' | sort", { signal }),
  ).toBe('ingress\nproxy\n')
}, 20_000)

test('its shared network is a /24 of which every address is taken, and dockerd has said so', async ({ signal }) => {
  const sign = 'Failed allocation for service .*could not find an available IP while allocating VIP'
  const logged = `journalctl --quiet --output=cat _SYSTEMD_UNIT=docker.service | grep --count '${sign}'`
  expect(Number(await runOn(machine, logged, { signal }))).toBeGreaterThan(1)
  const { subnet, held } = await truthOf(machine, 'proxy', signal)
  expect(subnet).toMatch(/\.0\/24$/)
  expect(held).toHaveLength(256)
}, 20_000)

test('a restart of dockerd gives back what has leaked, and the app runs', async ({ signal }) => {
  await runOn(machine, 'systemctl restart docker.service', { signal })
  await waitOn(machine, `${running} | grep '${hungApp}_app 1/1'`, { what: 'the app to run', signal })
  const { held, reserved } = await truthOf(machine, 'proxy', signal)
  // Six services with a task each, and the node.
  expect(held.length - reserved.length).toBeLessThanOrEqual(6 + 6 + 1)
}, 90_000)
