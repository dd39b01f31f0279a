import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PvcheckError } from '../../core/errors.ts'
import { createRedactor } from '../../core/redact.ts'
import { expectationsSchema } from '../../model/expectations.ts'
import type { RecordBody } from '../../model/record.ts'
import { createBundle } from '../evidence/bundle.ts'
import { troubleOf } from '../evidence/trouble.ts'
import { writeReport, writeStatus } from './write.ts'

let reports: string
beforeEach(async () => {
  reports = await mkdtemp(join(tmpdir(), 'pvcheck-report-'))
})
afterEach(async () => {
  await rm(reports, { recursive: true, force: true })
})

const run: RecordBody = {
  kind: 'run',
  command: 'pvcheck verify',
  pvcheck: '0.1.0',
  node: 'v20.20.2',
  target: 'unix:///run/docker.sock',
  expectations: expectationsSchema.parse({}),
  planned: [{ check: 'PV-NET-001', title: 'the network is there' }],
}
const host = (cluster: string): RecordBody => ({
  kind: 'host',
  fingerprint: { cluster, node: 'n', engine: '20.10.24' },
})
const finding = (actual: string): RecordBody => ({
  kind: 'finding',
  check: 'PV-NET-001',
  title: 'the network is there',
  subject: 'proxy',
  expected: 'there',
  actual,
  verdict: 'pass',
  evidence: [],
})
const end: RecordBody = { kind: 'end', exit: 'pass' }

async function bundleOf(runId: string, bodies: readonly RecordBody[], secrets: readonly string[] = []) {
  await using bundle = await createBundle(reports, runId, { redact: createRedactor(secrets) })
  for (const body of bodies) await bundle.append(body)
  return bundle.dir
}

const statusOf = async (bundleDir: string) => {
  const written = await writeStatus({ bundleDir, reportsDir: reports, phase: 'pvcheck' })
  return { ...written, text: await readFile(written.path, 'utf8') }
}

test('a report replaces the one before, and leaves nothing beside it', async () => {
  const path = join(reports, 'machine-docs', 'deep', 'STATUS-x.md')
  await writeReport(path, 'one')
  await writeReport(path, 'two')
  expect(await readFile(path, 'utf8')).toBe('two')
  expect(await readdir(join(reports, 'machine-docs', 'deep'))).toEqual(['STATUS-x.md'])
})

test('a link in the place of a report is replaced, not followed', async () => {
  const elsewhere = join(reports, 'elsewhere')
  await writeFile(elsewhere, 'precious')
  await symlink(elsewhere, join(reports, 'STATUS-x.md'))
  await writeReport(join(reports, 'STATUS-x.md'), 'report')
  expect(await readFile(elsewhere, 'utf8')).toBe('precious')
  expect(await readFile(join(reports, 'STATUS-x.md'), 'utf8')).toBe('report')
})

test('a report that cannot be put in its place is told, and leaves nothing beside it', async () => {
  await mkdir(join(reports, 'STATUS-x.md', 'full'), { recursive: true })
  await expect(writeReport(join(reports, 'STATUS-x.md'), 'report')).rejects.toMatchObject({ code: 'REPORT_UNWRITABLE' })
  expect(await readdir(reports)).toEqual(['STATUS-x.md'])
})

test('STATUS names its bundle by the way from the report to it, and the head of its chain', async () => {
  const dir = await bundleOf('20261120T121700Z-3f2a', [run, host('c'), finding('there'), end])
  const { path, claim, text } = await statusOf(dir)
  const seal = JSON.parse(await readFile(join(dir, 'bundle.json'), 'utf8'))
  expect(path).toBe(join(reports, 'STATUS-pvcheck.md'))
  expect(claim).toBe('CLAIM: 1 of 1 checks passed; M1, M2 not reviewed')
  expect(text.startsWith(`${claim}\n`)).toBe(true)
  expect(text).toContain('`evidence/20261120T121700Z-3f2a`, 4 records')
  expect(text).toContain(`**Head hash:** \`${seal.head}\``)
  expect(text).not.toContain('Before and after')
})

test('STATUS compares with the newest earlier bundle of the same Swarm that can be relied on', async () => {
  await bundleOf('20261101T000000Z-0001', [run, host('c'), finding('older'), end])
  await bundleOf('20261102T000000Z-0002', [run, host('c'), finding('before'), end])
  await bundleOf('20261103T000000Z-0003', [run, host('other'), finding('elsewhere'), end])
  await bundleOf('20261104T000000Z-0004', [run, host('c'), finding('killed')])
  await bundleOf('20261105T000000Z-0005', [run, host('c'), end])
  const broken = await bundleOf('20261106T000000Z-0006', [run, host('c'), finding('broken'), end])
  await writeFile(join(broken, 'evidence.jsonl'), '{}\n')
  await bundleOf('20261108T000000Z-0008', [run, host('c'), finding('later'), end])
  await mkdir(join(reports, 'evidence', 'notes'))
  const { text } = await statusOf(await bundleOf('20261107T000000Z-0007', [run, host('c'), finding('now'), end]))
  expect(text).toMatch(/\| proxy +\| PV-NET-001 \| ✓ pass: before \| ✓ pass: now \|/)
})

test('STATUS of a broken bundle claims nothing, in the place of whatever was there', async () => {
  const dir = await bundleOf('20261120T121700Z-3f2a', [run, host('c'), finding('there'), end])
  await statusOf(dir)
  const path = join(dir, 'evidence.jsonl')
  await writeFile(path, (await readFile(path, 'utf8')).replace('"there"', '"their"'))
  await expect(statusOf(dir)).rejects.toMatchObject({ code: 'EVIDENCE_BROKEN', exit: 'stale' })
  const text = await readFile(join(reports, 'STATUS-pvcheck.md'), 'utf8')
  expect(text).toMatch(/^CLAIM: 0 of 0 checks passed; the evidence cannot be relied on: EVIDENCE_BROKEN; /)
})

test('STATUS of a run that was killed says so', async () => {
  const dir = await bundleOf('20261120T121700Z-3f2a', [run, host('c'), finding('there')])
  await writeFile(join(dir, 'evidence.jsonl'), '{"seq":4,"at', { flag: 'a' })
  const { text } = await statusOf(dir)
  expect(text).toContain('the run did not come to its end')
  expect(text).toContain('**Torn:** 12 bytes')
})

test('no canary comes through to the evidence or to STATUS', async () => {
  const known = 'known-CANARY-value'
  const sshError = new PvcheckError({
    code: 'REACH_SSH_REFUSED',
    seen: `ssh://root:CANARY@host: refused (password=CANARY, ${known})`,
    wanted: 'x',
    remedy: `y ${Buffer.from(`u:${known}`).toString('base64')}`,
    exit: 'blocked',
  })
  const raw = {
    services: [
      {
        Spec: {
          Name: 'a',
          Labels: { 'app.token': 'CANARY' },
          TaskTemplate: { ContainerSpec: { Env: ['A=CANARY'], Args: ['-p', 'CANARY'] } },
        },
      },
    ],
    configs: [{ Spec: { Name: 'c', Data: 'CANARY' } }],
    stdout: JSON.stringify([{ Config: { Env: ['PASSWORD=CANARY'] } }], null, 4),
    headers: { 'set-cookie': ['id=CANARY'], 'x-auth-token': 'CANARY' },
    log: `> Authorization: Bearer CANARY\n${encodeURIComponent(known)}`,
  }
  const asks = [
    { via: 'http' as const, what: 'GET https://u:CANARY@host/?token=CANARY', startedAt: '2026', durationMs: 1 },
  ]
  const dir = await bundleOf(
    '20261120T121700Z-3f2a',
    [
      { ...run, target: 'ssh://root:CANARY@host', command: 'pvcheck verify --token CANARY' },
      host('c'),
      { kind: 'observation', fact: 'all', asks, raw, error: 'Cookie: CANARY' },
      finding('api_key=CANARY'),
      troubleOf(sshError, 'connect'),
      troubleOf(new Error('token=CANARY'), 'specs'),
      end,
    ],
    [known],
  )
  const { text } = await statusOf(dir)
  const everything = [
    text,
    ...(await Promise.all((await readdir(dir)).map((name) => readFile(join(dir, name), 'utf8')))),
  ]
  for (const content of everything) {
    expect(content).not.toContain('CANARY')
    expect(content).not.toContain(Buffer.from(known).toString('base64').slice(2, -3))
  }
  expect(text).toContain('INTERNAL')
})
