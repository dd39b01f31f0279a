import MarkdownIt from 'markdown-it'
import { describe, expect, test } from 'vitest'
import { expectationsSchema } from '../../model/expectations.ts'
import type { CheckId, Finding } from '../../model/finding.ts'
import type { EvidenceRecord, RecordBody } from '../../model/record.ts'
import type { Verdict } from '../../model/verdict.ts'
import { noHash, sealLine } from '../evidence/line.ts'
import { renderStatus } from './status.ts'

/** Records as a bundle has them, a second apart. */
function chain(bodies: readonly RecordBody[], run = '20261120T121700Z-3f2a'): EvidenceRecord[] {
  const records: EvidenceRecord[] = []
  for (const [index, body] of bodies.entries()) {
    const at = `2026-11-20T12:17:${String(index).padStart(2, '0')}.000Z`
    const record = { seq: index + 1, at, run, body, prev: records.at(-1)?.hash ?? noHash }
    records.push({ ...record, hash: sealLine(record).hash })
  }
  return records
}

const bundlePath = 'evidence/20261120T121700Z-3f2a'
const status = (bodies: readonly RecordBody[], more: object = {}) =>
  renderStatus({ records: chain(bodies), bundlePath, ...more })
const claim = (...bodies: readonly RecordBody[]) => status(bodies).split('\n')[0]

const run = (count: number): RecordBody => ({
  kind: 'run',
  command: 'pvcheck verify --read-only',
  pvcheck: '0.1.0',
  node: 'v20.20.2',
  target: 'ssh://root@swarm.test/var/run/docker.sock',
  expectations: expectationsSchema.parse({}),
  planned: Array.from({ length: count }, (_, index) => ({ check: idOf(index + 1), title: `check ${index + 1} holds` })),
})
const idOf = (number: number): CheckId => `PV-NET-${String(number).padStart(3, '0')}`
const host: RecordBody = {
  kind: 'host',
  fingerprint: { cluster: 'o7jztq1pkpwy2k8yc3q9f7o1c', node: 'k3w0x5b6n4m1z8ax1p8q2k7y3', engine: '20.10.24' },
}
const finding = (number: number, verdict: Verdict, more: Partial<Finding> = {}): RecordBody => ({
  kind: 'finding',
  check: idOf(number),
  title: `check ${number} holds`,
  subject: 'proxy',
  expected: 'as declared',
  actual: 'as declared',
  verdict,
  evidence: [3],
  ...more,
})
const passes = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => finding(from + index, 'pass'))
const trouble: RecordBody = {
  kind: 'trouble',
  code: 'REACH_SSH_REFUSED',
  seen: 'ssh to root@swarm.test: connection refused',
  wanted: 'an ssh server that answers',
  remedy: 'Start sshd there: `systemctl start ssh`.',
  during: 'connect',
  exit: 'blocked',
}
const skip = (number: number, reason: string): RecordBody => {
  return { kind: 'skip', check: idOf(number), title: `check ${number} holds`, reason }
}
const end = (exit: string): RecordBody => ({ kind: 'end', exit })

describe('the claim', () => {
  test('of a green run is that all passed, and that nobody has reviewed it', () => {
    expect(claim(run(41), ...passes(1, 41), end('pass'))).toBe('CLAIM: 41 of 41 checks passed; M1, M2 not reviewed')
  })

  test('of a red run names what failed and what is unknown', () => {
    const bodies = [finding(39, 'fail'), finding(40, 'fail'), finding(41, 'unknown')]
    expect(claim(run(41), ...passes(1, 38), ...bodies, end('failed'))).toBe(
      'CLAIM: 38 of 41 checks passed; 2 failed, 1 unknown; M1, M2 not reviewed',
    )
  })

  test('of a set-up that died is nothing, with the error that says why', () => {
    const skips = Array.from({ length: 30 }, (_, index) => skip(index + 1, 'not judged, because of REACH_SSH_REFUSED'))
    expect(claim(run(30), trouble, ...skips, end('blocked'))).toBe(
      'CLAIM: 0 of 30 checks passed; nothing was judged: REACH_SSH_REFUSED; M1, M2 not reviewed',
    )
  })

  test.each<readonly [string, readonly RecordBody[], string]>([
    ['no records', [], '0 of 0 checks passed; nothing was judged: the run did not come to its end'],
    ['an empty run', [run(2), end('empty')], '0 of 2 checks passed; nothing was judged: no check was executed'],
    [
      'n/a alone',
      [run(1), finding(1, 'n/a'), end('empty')],
      '0 of 0 checks passed; nothing was judged: no check was executed; 1 n/a',
    ],
    ['n/a beside a pass', [run(2), finding(1, 'pass'), finding(2, 'n/a'), end('pass')], '1 of 1 checks passed; 1 n/a'],
    ['a waiver', [run(2), finding(1, 'pass'), finding(2, 'waived'), end('pass')], '2 of 2 checks passed; 1 waived'],
    [
      'a check on two subjects',
      [run(1), finding(1, 'pass'), finding(1, 'fail', { subject: 'b' }), end('failed')],
      '0 of 1 checks passed; 1 failed',
    ],
    ['a check that never ran', [run(2), finding(1, 'pass'), end('unknown')], '1 of 2 checks passed; 1 not judged'],
    [
      'a skip of what was planned',
      [run(2), finding(1, 'pass'), skip(2, 'x'), end('unknown')],
      '1 of 2 checks passed; 1 not judged',
    ],
    [
      'a check left out by choice',
      [run(1), finding(1, 'pass'), skip(2, 'x'), end('pass')],
      '1 of 1 checks passed; 1 left out',
    ],
    [
      'a trouble after all passed',
      [run(1), finding(1, 'pass'), trouble, end('blocked')],
      '1 of 1 checks passed; trouble: REACH_SSH_REFUSED',
    ],
    ['a run cut off', [run(1), finding(1, 'pass')], '1 of 1 checks passed; the run did not come to its end'],
    [
      'an interrupt',
      [run(2), finding(1, 'pass'), end('interrupted')],
      '1 of 2 checks passed; 1 not judged; the run was interrupted',
    ],
    [
      'an interrupt before anything',
      [run(2), end('terminated')],
      '0 of 2 checks passed; nothing was judged: the run was terminated',
    ],
  ])('of a run with %s', (_, bodies, wanted) => {
    expect(claim(...bodies)).toBe(`CLAIM: ${wanted}; M1, M2 not reviewed`)
  })
})

const services: RecordBody = {
  kind: 'observation',
  fact: 'services',
  asks: [
    {
      via: 'engine',
      what: 'GET /v1.41/services',
      startedAt: '2026-11-20T12:17:02.250Z',
      durationMs: 11.7,
      answer: 200,
    },
  ],
  raw: [
    { Spec: { Name: 'drone_app', Labels: { 'pvcheck.lab.stand-in': 'Drone' } } },
    { Spec: { Name: 'traefik_app', Labels: { 'pvcheck.lab.stand-in': 'Traefik `|` <b>' } } },
    { Spec: { Name: 'other_app', Labels: null } },
  ],
}
const declared: RecordBody = {
  kind: 'observation',
  fact: 'declarations',
  asks: [
    { via: 'host', what: 'cat /etc/swarm.nix', startedAt: '2026-11-20T12:17:03.000Z', durationMs: 8, answer: 0 },
    { via: 'host', what: "grep '10|x' `f`", startedAt: '2026-11-20T12:17:03.100Z', durationMs: 15_000 },
  ],
  error: 'no answer within 15 s',
}
const evil = [
  'x | y || z \\| end',
  '```js\n~~~\n````\nalert(1)\n```',
  '<script>alert(1)</script><img src=x onerror=y>&lt;b&gt;&#124;',
  '[click](http://evil.test) ![i](http://evil.test/i.png) <http://evil.test> http://evil.test www.evil.test me@evil.test @all #1',
  '# heading\n\n- item\n\n| a | b |\n|---|---|\n',
  '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202egnp.exe\u200b\u0000',
  '`a` ``b`` \\`c\\` **bold** __bold__ ~~gone~~',
]
const hostile: readonly RecordBody[] = [
  run(14),
  host,
  services,
  declared,
  ...evil.map((text, index) =>
    finding(index + 1, index % 2 === 0 ? 'fail' : 'unknown', {
      subject: text,
      expected: text,
      actual: text,
      reason: text,
      remedy: text,
      evidence: [3, 4],
    }),
  ),
  finding(8, 'pass', { subject: 'dockerd', actual: 'up for 3 d 4 h', title: 'dockerd is up' }),
  finding(9, 'pass', { subject: 'drone_app', expected: 'on 10.10.0.0/16', actual: 'on 10.10.0.0/16' }),
  finding(10, 'blocked', { subject: 'journal', actual: 'not asked', reason: 'There is no way to run commands there.' }),
  finding(11, 'waived', { subject: 'journal', actual: 'volatile', reason: 'until 2027-01-01, by the operator' }),
  finding(12, 'n/a', { subject: 'proxy', actual: 'nothing declared', reason: 'No declaration is configured.' }),
  skip(13, 'not judged, because of REACH_SSH_REFUSED: `x` | y'),
  skip(90, 'read-only: acting specs are left out'),
  trouble,
  { ...trouble, code: 'X|`<b>', seen: evil.join('\n') },
  end('failed'),
]
const before = chain(
  [
    run(14),
    host,
    finding(1, 'pass', { subject: evil[0] ?? '', actual: 'fine' }),
    finding(8, 'pass', { subject: 'dockerd', actual: 'up for 2 d 1 h 3 min' }),
    finding(9, 'fail', { subject: 'drone_app', actual: 'on 10.0.1.0/24 | `x`' }),
    finding(11, 'waived', { subject: 'journal', actual: 'volatile since 2026-11-19T01:02:03.456Z' }),
    finding(77, 'pass', { subject: 'gone <b>' }),
    end('failed'),
  ],
  '20261119T090000Z-0a0a',
)

test('STATUS of a hostile host is as it was when somebody last looked at it', async () => {
  const text = status(hostile, { previous: before, tornBytes: 17 })
  await expect(text).toMatchFileSnapshot('golden/hostile-host.md')
})

test('STATUS of a sound host is as it was when somebody last looked at it', async () => {
  await expect(status([run(9), host, services, ...passes(1, 9), end('pass')])).toMatchFileSnapshot(
    'golden/sound-host.md',
  )
})

const exchange = (name: string, status: number) => ({
  method: 'GET',
  url: `https://${name}`,
  startedAt: '2026-11-20T12:17:03.000Z',
  durationMs: 12.3,
  timings: { connectMs: 1, tlsMs: 5, firstByteMs: 6 },
  peer: '198.51.100.2:443',
  status,
  tls: {
    protocol: 'TLSv1.3',
    authorized: true,
    chain: [
      {
        ...{ subject: `CN=${name}`, issuer: 'CN=Lab', altNames: [`DNS:${name}`], serial: '4F2A', fingerprint256: 'A1' },
        ...{ validFrom: '2026-11-01T00:00:00.000Z', validTo: '2027-02-17T13:00:00.000Z' },
      },
    ],
  },
})
const refused = {
  ...{ method: 'HEAD', url: 'http://x.test/', startedAt: '2026-11-20T12:17:03.000Z', durationMs: 2, timings: {} },
  error: { phase: 'connect', code: 'TCP_REFUSED', message: 'refused' },
}
const routed: RecordBody = {
  ...{ kind: 'observation', fact: 'routes' },
  asks: [
    {
      ...{ via: 'http', what: 'GET https://drone.test/healthz', startedAt: '2026-11-20T12:17:03.000Z' },
      ...{ durationMs: 12.3, answer: 200 },
    },
  ],
  raw: {
    ...{ laps: 3, spanMs: 18_700, bodies: {} },
    routes: [
      {
        name: 'drone.test/healthz',
        visits: [{ lap: 1, hops: [exchange('drone.test', 302), exchange('drone.test', 200)] }],
      },
      { name: evil[2], visits: [{ lap: 1, hops: [refused] }] },
    ],
  },
}
const routing = expectationsSchema.parse({
  routes: [
    { url: 'https://drone.test/healthz', service: 'drone_app', follow: 1 },
    { name: evil[2], url: 'http://x.test/', core: false, method: 'HEAD', status: [200, 204], service: evil[0] },
    { url: 'https://ci.test/' },
  ],
  proxy: { service: 'traefik_app', api: 'https://traefik.test/api', ping: 'https://traefik.test/ping' },
  ci: { url: 'https://drone.test', repo: 'owner/name' },
  dashboard: { url: 'https://ci.test/', recipes: ['custom-html', evil[6]] },
  reportSite: { url: 'https://reports.test/', marker: 'reports', maxAgeHours: 26 },
  bridge: { service: 'bridge_app', health: 'http://127.0.0.1:8081/healthz' },
})

test('STATUS of routes is as it was when somebody last looked at it', async () => {
  const route = { check: 'PV-ROUTE-001', title: 'Every route leads to its own service' } as const
  const first = run(9)
  const text = status([
    first.kind === 'run' ? { ...first, expectations: routing } : first,
    host,
    routed,
    ...passes(1, 8),
    finding(9, 'pass', { ...route, subject: 'drone.test/healthz' }),
    finding(9, 'fail', { ...route, subject: evil[2] ?? '' }),
    end('failed'),
  ])
  await expect(text).toMatchFileSnapshot('golden/routes.md')
})

test('STATUS of a set-up that died is as it was when somebody last looked at it', async () => {
  const skips = [1, 2, 3].map((number) => skip(number, 'not judged, because of REACH_SSH_REFUSED'))
  await expect(status([run(3), trouble, ...skips, end('blocked')])).toMatchFileSnapshot('golden/dead-set-up.md')
})

const kept = (fact: string, raw: unknown): RecordBody => ({ kind: 'observation', fact, asks: [], raw })
const acted: readonly RecordBody[] = [
  run(3),
  host,
  kept('dead-runs', {
    swept: [{ run: '20261119T090000Z-0a0a', owner: evil[2], objects: ['service pvc-1', `network ${evil[0]}`] }],
    live: [{ run: '20261119T100000Z-0b0b', owner: 'other', until: '2026-11-20T12:00:00.000Z' }],
    left: [`config ${evil[6]}`],
    doubtful: [evil[3]],
  }),
  ...passes(1, 2),
  kept('throwaway-batch', {
    stacks: [
      { name: 'pvc-1', came: 'running', removal: 'gone', startedMs: 0, runningMs: 1_800, goneMs: 9_000 },
      { name: 'pvc-2', came: 'stuck', removal: 'left', startedMs: 3, why: { code: 'STACK_STUCK', seen: evil[1] } },
      { name: 'pvc-3', came: 'unlaunched', removal: 'nothing', startedMs: 9_000 },
    ],
    atOnce: 2,
    mostAtOnce: 1,
    wallMs: 40_000,
  }),
  kept('settled', {
    swept: [
      { run: '20261120T121700Z-3f2a', owner: 'lab', objects: Array.from({ length: 14 }, (_, at) => `task ${at}`) },
    ],
    live: [],
    left: [],
    doubtful: [],
  }),
  finding(3, 'fail', { check: 'PV-RES-001', title: 'Nothing is left', subject: evil[5] ?? '' }),
  finding(3, 'pass', { check: 'PV-RES-004', title: 'Nothing else changed', subject: 'foreign objects' }),
  finding(3, 'pass', {
    ...{ check: 'PV-RES-004', title: 'Nothing else changed', subject: 'service web' },
    ...{ actual: `its image is ${evil[0]} now`, reason: "somebody else's doing: no intent of the run is about it" },
  }),
  end('residue'),
]

test('STATUS of a run that acted says what it did, as when somebody last looked at it', async () => {
  await expect(status(acted)).toMatchFileSnapshot('golden/acted.md')
})

test('of a batch that never said how it ended, the intents are told', () => {
  const deeds = kept('run-deeds', { run: 'x', deeds: [{ kind: 'service', name: 'pvc-1' }] })
  const settled = kept('settled', { swept: [], live: [], left: [], doubtful: [] })
  expect(status([run(1), host, settled, deeds, end('unknown')])).toContain(
    '**Created:** at most `service pvc-1`; it was cut short `#4`',
  )
})

test('of a run that only asked, STATUS does not say what it did', () => {
  expect(status([run(1), host, ...passes(1, 1), end('pass')])).not.toContain('What the run did')
})

test('a Markdown parser finds in STATUS of a hostile host nothing that pvcheck did not put there', () => {
  const text = status(hostile, { previous: before, bundlePath: evil.join('/') })
  const tokens = new MarkdownIt({ html: true, linkify: true }).parse(text, {})
  const blocks = new Set(tokens.map(({ type }) => type.replace(/_(open|close)$/, '')))
  expect([...blocks].sort()).toEqual(
    ['bullet_list', 'heading', 'inline', 'list_item', 'paragraph', 'table', 'tbody', 'td', 'th', 'thead', 'tr'].sort(),
  )
  const inline = new Set(tokens.flatMap(({ children }) => (children ?? []).map(({ type }) => type)))
  expect([...inline].sort()).toEqual(
    ['code_inline', 'strong_close', 'strong_open', 'text', 'text_special'].filter((type) => inline.has(type)),
  )
  const titles = tokens
    .filter((_, index) => tokens[index - 1]?.type === 'heading_open' && tokens[index - 1]?.tag === 'h2')
    .map(({ content }) => content)
  expect(titles).toEqual([
    'Failed',
    'Trouble',
    'Blocked',
    'Unknown',
    'Not judged',
    'All checks',
    'Waived',
    'Not applicable',
    'Left out',
    'Before and after',
    'What was asked',
  ])
  // Nothing that a terminal, or a reader's eye, would take for something else.
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
})

test('every table has as many cells in each row as it has columns', () => {
  const tokens = new MarkdownIt().parse(status(hostile, { previous: before }), {})
  let [head, cells, rows] = [0, 0, 0]
  for (const { type } of tokens) {
    if (type === 'th_open') head++
    if (type === 'td_open') cells++
    if (type === 'tbody_open') [cells, rows] = [0, 0]
    if (type === 'tr_open') rows++
    if (type === 'tbody_close') {
      expect(cells).toBe(head * rows)
      head = 0
    }
  }
})

test('the table is sorted by subject, in every order of the records', () => {
  const findings = [
    finding(2, 'pass', { subject: 'b' }),
    finding(3, 'pass', { subject: 'a' }),
    finding(1, 'pass', { subject: 'b' }),
  ]
  const order = (bodies: readonly RecordBody[]) =>
    [...status([run(3), ...bodies]).matchAll(/^\| (\w+) +\| (PV-NET-\d+)/gm)].map(
      ([, subject, id]) => `${subject} ${id}`,
    )
  expect(order(findings)).toEqual(['a PV-NET-003', 'b PV-NET-001', 'b PV-NET-002'])
  expect(order(findings.toReversed())).toEqual(order(findings))
})

test('a check that never ran stands there as such', () => {
  expect(status([run(2), finding(1, 'pass'), end('unknown')])).toContain(
    '| PV-NET-002 | check 2 holds | It was planned, and the run never came to it. |',
  )
})

test('an earlier run with other expectations is told', () => {
  const [first, ...rest] = before
  const other =
    first?.body.kind === 'run'
      ? { ...first, body: { ...first.body, expectations: expectationsSchema.parse({ stacks: { x: 1 } }) } }
      : first
  const text = status(hostile, { previous: other === undefined ? rest : [other, ...rest] })
  expect(text).toContain('different expectations')
})
