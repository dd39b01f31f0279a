import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LabMachine, runOn } from '../../../lab/host/machine.ts'
import { mintName } from '../../../lab/host/mint.ts'
import { labDown, labUp } from '../../../lab/lab.ts'
import { type Config, loadConfig } from '../../config/load.ts'
import { pollUntil } from '../../core/poll.ts'
import { createRedactor } from '../../core/redact.ts'
import { applyCheck, notApplicableFinding, unreadFinding } from '../../judge/apply.ts'
import { preflightChecks } from '../../judge/preflight/preflight-checks.ts'
import type { HostAddress } from '../../model/address.ts'
import type { AnyCheck } from '../../model/check.ts'
import { expectationsSchema } from '../../model/expectations.ts'
import type { Finding } from '../../model/finding.ts'
import type { RecordBody } from '../../model/record.ts'
import { isGreen } from '../../model/verdict.ts'
import { connect } from '../../reach/connect.ts'
import type { Connection } from '../../reach/target.ts'
import { createFactReader } from '../reader.ts'

const name = mintName('pvlab')
const still = { progress: () => undefined }
const never = new AbortController().signal
let machine: LabMachine
let stateDir: string
let config: Config
let connection: Connection
let saved: RecordBody[] = []

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'pvt-quiet-'))
  machine = await labUp({ name, ...still })
  config = await loadConfig({ cwd: stateDir, env: process.env, path: join(machine.dir, 'pvcheck.config.json') })
  connection = await open()
})
afterAll(async () => {
  await connection[Symbol.asyncDispose]()
  await labDown({ which: { name }, ...still })
  await rm(stateDir, { recursive: true, force: true })
})

function open(host?: HostAddress): Promise<Connection> {
  return connect({ ...config.address, ...(host === undefined ? {} : { host }) }, { signal: never, stateDir })
}

const noisy = {
  units: ['pvt-upgrade', 'pvt-nosuch*', 'nosuch.timer'],
  processes: ['sleep 471[1-9]'],
  lockFiles: [
    '/var/tmp/pvt-script.lock',
    '/run/lock/pvt-command.lock',
    '/var/tmp/pvt-free.lock',
    '/var/tmp/pvt-none.lock',
  ],
  runApps: ['^[a-z0-9]{1,4}-[0-9a-f]{6}'],
}

/** Asks everything anew; the findings by the number of their check: `001`. */
async function preflight(
  wish: object = {},
  at: Connection = connection,
): Promise<ReadonlyMap<string, readonly Finding[]>> {
  saved = []
  const recorder = { append: async (body: RecordBody) => saved.push(body) }
  const wanted = expectationsSchema.parse({ ...config.expect, quiet: noisy, throwaway: {}, ...wish })
  const reader = createFactReader(at.target, recorder, createRedactor(config.secrets), wanted, {
    credentials: config.credentials,
  })
  const prove = async (check: AnyCheck): Promise<readonly Finding[]> => {
    const reason = check.notApplicable?.(wanted)
    if (reason !== undefined) return [notApplicableFinding(check, reason)]
    try {
      const read = Object.entries(check.needs).map(
        async ([key, fact]) => [key, (await reader.read(fact)).value] as const,
      )
      const facts = Object.fromEntries(await Promise.all(read)) as never
      return applyCheck(check, facts, wanted, [])
    } catch (error) {
      return [unreadFinding(check, error, [])]
    }
  }
  const all = await Promise.all(
    preflightChecks.map(async (check) => [check.id.slice(-3), await prove(check as AnyCheck)] as const),
  )
  return new Map(all)
}

/** `subject: verdict: actual`. */
const said = (findings: readonly Finding[] | undefined): readonly string[] =>
  (findings ?? []).map(({ subject, verdict, actual }) => `${subject}: ${verdict}: ${actual}`)
const fits = (text: RegExp): unknown => expect.stringMatching(text)
const create = 'docker service create --quiet --detach --no-resolve-image'
const start = (unit: string, command: string): string => `systemd-run --quiet --unit=${unit} ${command}`

test('a host that is quiet is green, and says what may be taken of it', async () => {
  await runOn(machine, 'touch /var/tmp/pvt-free.lock /var/tmp/pvt-script.lock')
  const findings = await preflight()
  expect([...findings.values()].flat().filter(({ verdict }) => !isGreen(verdict))).toEqual([])
  expect(said(findings.get('001'))).toEqual([
    fits(/^units: pass: none is active(; systemd has no |$)/),
    fits(/^processes: pass: \d+ processes, none/),
  ])
  expect(said(findings.get('002'))).toEqual([
    '/var/tmp/pvt-script.lock: pass: not locked',
    '/run/lock/pvt-command.lock: pass: there is no such file',
    '/var/tmp/pvt-free.lock: pass: not locked',
    '/var/tmp/pvt-none.lock: pass: there is no such file',
  ])
  expect(said(findings.get('003'))).toEqual([fits(/repositor(y|ies) of the token's owner$/)])
  expect(said(findings.get('008'))).toEqual([
    fits(
      /^blast radius: pass: 4 stacks, 2 at once: [45] addresses on proxy, at most 65,5\d\d free; 4 addresses on ingress, at most 2\d\d free; 2 networks of their own, \/24, of 65,2\d\d that can be given; /,
    ),
  ])
  expect(said(findings.get('009'))).toEqual([fits(/^busybox: pass: pvcheck-lab\/busybox:1, sha256:[0-9a-f]{12}, on /)])
  expect(said(findings.get('010'))).toEqual(['ports 28100 to 28199: pass: 100 free, taken: none'])
  // No command line is saved, the arguments of a process may be secrets.
  expect(JSON.stringify(saved)).not.toContain('containerd.sock')
})

describe('a host where much is going on', () => {
  let findings: ReadonlyMap<string, readonly Finding[]>

  beforeAll(async () => {
    const token = (await readFile(join(machine.dir, 'ci-token'), 'utf8')).trim()
    const builds = '/api/repos/recipe-maintainers/cc-ci/builds?branch=main&RECIPE=ghost'
    const curl = `curl --silent --show-error --fail --insecure --resolve drone.ci.lab.test:443:127.0.0.1 --request POST`
    await runOn(machine, `${curl} --config - 'https://drone.ci.lab.test${builds}'`, {
      stdin: `header = "Authorization: Bearer ${token}"`,
    })
    const holdOut = `sh -c 'trap "" TERM; while :; do sleep 1; done'`
    const small = [1, 2, 3, 4, 5, 6].map(
      (n) => `${create} --name pvt-small-${n} --replicas 0 --network pvt-small pvcheck-lab/httpd:1`,
    )
    await runOn(
      machine,
      [
        start('pvt-upgrade', "sh -c 'sleep 4712; : secret-argument'"),
        start('pvt-a', `sh -c 'exec 9>/var/tmp/pvt-script.lock; flock 9; exec sleep 900'`),
        start('pvt-b', 'flock /run/lock/pvt-command.lock sleep 900'),
        `${create} --name ab12-0a1b2c_app --label com.docker.stack.namespace=ab12-0a1b2c pvcheck-lab/httpd:1`,
        `${create} --name pvt-nowhere --constraint node.labels.nosuch==1 pvcheck-lab/httpd:1`,
        `${create} --name pvt-stubborn --stop-grace-period 5m pvcheck-lab/busybox:1 ${holdOut}`,
        'docker network create --driver overlay --subnet 10.99.0.0/29 pvt-small',
        ...small,
      ].join('\n'),
    )
    await pollUntil(
      async () => {
        const state = await runOn(machine, `docker service ps --format '{{.CurrentState}}' pvt-stubborn`)
        return state.startsWith('Running') ? { done: true, value: undefined } : { done: false, state }
      },
      { what: 'a running task', timeoutMs: 30_000 },
    )
    await runOn(machine, 'docker service rm pvt-stubborn')
    // The allocator is given ten seconds before somebody counts as waiting.
    findings = await pollUntil(
      async () => {
        const now = await preflight()
        const state = JSON.stringify(now.get('007'))
        return state.includes('blocked') ? { done: true, value: now } : { done: false, state }
      },
      { what: 'a service that waits for an address', timeoutMs: 30_000, intervalMs: 1000 },
    )
  })

  test.each([
    [
      '001',
      [
        /^pvt-upgrade\.service: blocked: active \(running\)$/,
        /^processes: blocked: \d+ \(\S*sh\) matches `sleep 471\[1-9\]`, \d+ \(sleep\) matches `sleep 471\[1-9\]`$/,
      ],
    ],
    [
      '002',
      [
        /^\/var\/tmp\/pvt-script\.lock: blocked: locked by process \d+ \(sleep\)$/,
        /^\/run\/lock\/pvt-command\.lock: blocked: locked by process \d+ \(flock\)/,
        /^\/var\/tmp\/pvt-free\.lock: pass/,
        /^\/var\/tmp\/pvt-none\.lock: pass/,
      ],
    ],
    ['003', [/^recipe-maintainers\/cc-ci: blocked: #\d+ (pending|running), \d+ s old$/]],
    ['004', [/^ab12-0a1b2c: blocked: matches `.*`: ab12-0a1b2c_app$/]],
    ['005', [/^pvt-nowhere: blocked: 0 of 1 task running$/]],
    ['006', [/^tasks: blocked: \w+ of a removed service in running on \S+$/]],
    ['007', [/^pvt-small-\d: blocked: no VIP on pvt-small \(\w+\); for 1\d s$/]],
  ])('PV-PRE-%s says so', (check, wanted) => {
    expect(said(findings.get(check))).toEqual(wanted.map(fits))
  })

  test('nobody is told the arguments of a process', () => {
    expect(JSON.stringify([...findings, saved])).not.toContain('secret-argument')
  })
})

test('no room, no image and no free port are told apart', async () => {
  const throwaway = { image: 'nosuch:1', minFree: 70_000, publish: { from: 443, to: 444 } }
  const findings = await preflight({ throwaway })
  expect(findings.get('008')).toMatchObject([
    {
      verdict: 'blocked',
      code: 'NO_ROOM',
      reason: fits(/would stay free on proxy \(\w+\), only \d+ would stay free on ingress/),
    },
  ])
  expect(findings.get('009')).toMatchObject([{ verdict: 'blocked', code: 'IMAGE_MISSING' }])
  expect(said(findings.get('010'))).toEqual([
    'ports 443 to 444: blocked: 1 free, taken: 443 by the service traefik_app',
  ])
})

describe('what cannot be asked is unknown', () => {
  const only = (findings: ReadonlyMap<string, readonly Finding[]>, check: string): unknown =>
    (findings.get(check) ?? []).map(({ verdict, code }) => (code === undefined ? verdict : `${verdict} ${code}`))

  test('where no command can be run', async () => {
    await using without = await open({ kind: 'none', reason: 'for this test' })
    const findings = await preflight({ throwaway: { publish: { mode: 'host' } } }, without)
    for (const check of ['001', '002', '010', '011']) expect(only(findings, check), check).toEqual(['unknown'])
  })

  test('where pvcheck is not root', async () => {
    await using operator = await open({ kind: 'ssh', destination: 'lab-operator' })
    const findings = await preflight({ quiet: { ...noisy, lockFiles: ['/var/tmp/pvt-free.lock'] } }, operator)
    expect(only(findings, '002')).toEqual(['unknown'])
    expect(only(findings, '011')).toEqual(['blocked HOST_CANNOT_SWEEP'])
  })

  test('where the tools are missing', async () => {
    const tools = ['/usr/bin/docker', '/usr/bin/systemctl', '/usr/bin/find']
    await runOn(machine, tools.map((tool) => `mv ${tool} ${tool}.away`).join('\n'))
    try {
      const findings = await preflight({ quiet: { ...noisy, processes: [], lockFiles: ['/var/tmp/pvt-free.lock'] } })
      expect(only(findings, '001')).toEqual(['unknown'])
      expect(only(findings, '002')).toEqual(['unknown'])
      expect(findings.get('011')).toMatchObject([
        { verdict: 'blocked', actual: fits(/systemd: exit code 127.*docker: exit code 127/) },
      ])
    } finally {
      await runOn(machine, tools.map((tool) => `mv ${tool}.away ${tool}`).join('\n'))
    }
  })
})
