import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LabMachine, runOn } from '../../lab/host/machine.ts'
import { mintName } from '../../lab/host/mint.ts'
import { labDown, labUp } from '../../lab/lab.ts'
import { pollUntil } from '../core/poll.ts'
import { packageInfo } from '../run/package-info.ts'

const { root } = packageInfo()
const name = mintName('pvlab')
const quiet = { progress: () => undefined }
let machine: LabMachine

beforeAll(async () => {
  machine = await labUp({ name, ...quiet })
})
afterAll(() => labDown({ which: { name }, ...quiet }))

interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs `pvcheck rm` to its end; once `interruptAt` is printed it is sent a signal. */
function rm(words: readonly string[], interruptAt?: string, signal: NodeJS.Signals = 'SIGINT'): Promise<Ran> {
  const args = [join(root, 'bin', 'pvcheck.js'), 'rm', ...words, '--config', join(machine.dir, 'pvcheck.config.json')]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, err, isInterrupted] = ['', '', false]
  child.stdout.on('data', (chunk) => {
    out += String(chunk)
    if (interruptAt === undefined || isInterrupted || !out.includes(interruptAt)) return
    // Once: the second one would not wait for it to end.
    isInterrupted = true
    child.kill(signal)
  })
  child.stderr.on('data', (chunk) => {
    err += String(chunk)
  })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })))
}

async function deploy(stack: string): Promise<void> {
  const compose = `
version: "3.8"
services: { web: { image: "pvcheck-lab/httpd:1", networks: [own, proxy] } }
networks: { own: { driver: overlay }, proxy: { external: true } }`
  await runOn(machine, `docker stack deploy --resolve-image never -c - ${stack} <<'EOF'${compose}\nEOF`)
  await pollUntil(
    async () => {
      const state = await runOn(machine, `docker service ps --format '{{.CurrentState}}' ${stack}_web`)
      return state.startsWith('Running') ? { done: true, value: undefined } : { done: false, state }
    },
    { what: `a running task of ${stack}`, timeoutMs: 30_000 },
  )
}

const stacksLeft = async (): Promise<string[]> => {
  const names = await runOn(machine, "docker service ls --format '{{.Name}}'; docker network ls --format '{{.Name}}'")
  return names.split('\n').filter((line) => /^(shop|blog)_/.test(line))
}

test('prints the plan and changes nothing, until it is told --yes', async () => {
  await deploy('shop')
  await deploy('blog')
  const planned = await rm(['shop', 'blgo', '--dry-run'])
  expect(planned.code, planned.err).toBe(5)
  expect(planned.out).toContain('  services: shop_web, then wait for their tasks to end\n  networks: shop_own\n')
  expect(planned.out).toMatch(/ {2}gives back on proxy \(\w+\): 1 VIP \([\d.]+\), 1 task address \([\d.]+\)/)
  expect(planned.out).toContain('blgo: there is no such stack; near: blog')
  expect((await rm(['shop'])).code).toBe(5)
  expect((await rm(['shop', '--dry-run'])).code).toBe(0)
  expect(await stacksLeft()).toHaveLength(4)
})

test('goes on after an interrupt, and does nothing a second time', async () => {
  const interrupted = await rm(['shop', 'blog', '--yes'], 'waits for task')
  expect(interrupted.code, interrupted.out).toBe(4)
  expect(interrupted.out).toContain('shop: not removed to its end; the same command goes on from there')
  expect(interrupted.out).toMatch(/ {2}last seen: waits for task \w+ \(/)
  expect(interrupted.err).toContain('RUN_INTERRUPTED')
  expect(await stacksLeft()).toContain('shop_own')
  const removed = await rm(['shop', 'blog', '--yes'])
  expect(removed.code, removed.out + removed.err).toBe(0)
  expect(removed.out).toMatch(/shop: removed\nblog: removed\n$/)
  expect(await stacksLeft()).toEqual([])
  const again = await rm(['shop', '--yes'])
  expect(again).toEqual({ code: 0, out: 'shop: there is no such stack\n', err: '' })
})

test('goes on after it was killed, and two at once do each other no harm', async () => {
  await deploy('shop')
  const killed = await rm(['shop', '--yes'], 'waits for task', 'SIGKILL')
  expect(killed.code, killed.out).toBe(null)
  expect(await stacksLeft()).toEqual(['shop_own'])
  const both = await Promise.all([rm(['shop', '--yes']), rm(['shop', '--yes', '--json'])])
  expect(
    both.map(({ code }) => code),
    both.map(({ out, err }) => out + err).join('\n'),
  ).toEqual([0, 0])
  const told = JSON.parse(both[1].out)
  // The other one may have been done with it before this one looked.
  expect(told.outcomes).toEqual(told.plan.stacks.length === 0 ? [] : [{ stack: 'shop', state: 'removed' }])
  expect(await stacksLeft()).toEqual([])
})

test('what somebody else uses stays, and ends with 4', async () => {
  await deploy('shop')
  await runOn(
    machine,
    'docker service create --quiet --detach --no-resolve-image --replicas 0 --name guest --network shop_own pvcheck-lab/httpd:1',
  )
  const { code, out } = await rm(['shop', '--yes'])
  expect(code, out).toBe(4)
  expect(out).toContain('  stays: network shop_own, as long as it is used by the service guest\n')
  expect(out).toMatch(/shop: removed but for\n {2}network shop_own: used by the service guest\n$/)
  expect(await stacksLeft()).toEqual(['shop_own'])
})
