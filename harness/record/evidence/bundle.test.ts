import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createRedactor } from '../../core/redact.ts'
import { expectationsSchema } from '../../model/expectations.ts'
import type { RecordBody } from '../../model/record.ts'
import { createBundle } from './bundle.ts'
import { noHash } from './line.ts'
import { readBundle } from './read.ts'

const runId = '20261120T121700Z-3f2a'
const run: RecordBody = {
  kind: 'run',
  command: 'pvcheck verify',
  pvcheck: '0.1.0',
  node: 'v20.20.2',
  target: 'unix:///run/docker.sock',
  expectations: expectationsSchema.parse({}),
  planned: [],
}
const end: RecordBody = { kind: 'end', exit: 'pass' }
const observed = (raw: unknown): RecordBody => ({ kind: 'observation', fact: 'x', asks: [], raw })

let reports: string
beforeEach(async () => {
  reports = await mkdtemp(join(tmpdir(), 'pvcheck-bundle-'))
})
afterEach(async () => {
  await rm(reports, { recursive: true, force: true })
})

test('records are chained from 64 zeros on, and read back as they were written', async () => {
  const bundle = await createBundle(reports, runId)
  expect(await bundle.append(run)).toBe(1)
  expect(await bundle.append(observed({ a: ['ü', 1, null], '7': '\u2028' }))).toBe(2)
  expect(await bundle.append(end)).toBe(3)
  await bundle.close()
  const { records, head, complete, tornBytes, seal } = await readBundle(bundle.dir)
  expect(records.map(({ seq, run: id }) => [seq, id])).toEqual([1, 2, 3].map((seq) => [seq, runId]))
  expect(records.map(({ prev }) => prev)).toEqual([noHash, records[0]?.hash, records[1]?.hash])
  expect(records[1]?.body).toEqual(observed({ a: ['ü', 1, null], '7': '\u2028' }))
  expect({ head, complete, tornBytes }).toEqual({ head: bundle.head(), complete: true, tornBytes: 0 })
  expect(seal).toMatchObject({ run: runId, pvcheck: '0.1.0', exit: 'pass', records: 3, head })
})

test('expectations stay what they were, but for secrets: words in them are names of fields, and of sources', async () => {
  const expectations = expectationsSchema.parse({
    routes: [
      {
        url: 'https://a.example.org',
        body: 'hunter2-2',
        json: { type: 'object', properties: { token: { type: 'string' } } },
        credentials: { scheme: 'Basic', env: 'API_PASSWORD' },
      },
    ],
  })
  const bundle = await createBundle(reports, runId, { redact: createRedactor(['hunter2-2']) })
  await bundle.append({ ...run, command: 'pvcheck --token abcdefgh', expectations })
  await bundle.close()
  const [first] = (await readBundle(bundle.dir)).records
  const routes = expectations.routes.map((route) => ({ ...route, body: '[redacted]' }))
  expect(first?.body).toMatchObject({
    command: 'pvcheck --token [redacted]',
    expectations: { ...expectations, routes },
  })
})

test('a bundle is readable for its owner alone, and lies under evidence/<run>', async () => {
  const before = process.umask(0)
  try {
    await using bundle = await createBundle(reports, runId)
    await bundle.append(run)
    await bundle.append(end)
    await bundle.close()
    expect(bundle.dir).toBe(join(reports, 'evidence', runId))
    const modes = await Promise.all(
      [join(reports, 'evidence'), bundle.dir, ...(await readdir(bundle.dir)).map((name) => join(bundle.dir, name))].map(
        async (path) => (await stat(path)).mode & 0o777,
      ),
    )
    expect(modes).toEqual([0o700, 0o700, 0o600, 0o600])
  } finally {
    process.umask(before)
  }
})

test('a line is on disk when its append resolves', async () => {
  await using bundle = await createBundle(reports, runId)
  for (let number = 1; number <= 5; number++) {
    await bundle.append(observed(number))
    expect((await readBundle(bundle.dir)).records).toHaveLength(number)
  }
})

test('appends at once keep their order, with one number and one line each', async () => {
  await using bundle = await createBundle(reports, runId)
  const seqs = await Promise.all(Array.from({ length: 500 }, (_, number) => bundle.append(observed(number))))
  expect(seqs).toEqual(Array.from({ length: 500 }, (_, number) => number + 1))
  const { records } = await readBundle(bundle.dir)
  expect(records.map(({ body }) => body.kind === 'observation' && body.raw)).toEqual(seqs.map((seq) => seq - 1))
})

test('closing waits for what is under way', async () => {
  const bundle = await createBundle(reports, runId)
  const appends = Array.from({ length: 50 }, (_, number) => bundle.append(observed(number)))
  await bundle.close()
  await Promise.all(appends)
  expect((await readBundle(bundle.dir)).records).toHaveLength(50)
})

test('a run without an end has no seal, and is not complete', async () => {
  const bundle = await createBundle(reports, runId)
  await bundle.append(run)
  await bundle.close()
  expect(await readBundle(bundle.dir)).toMatchObject({ complete: false, seal: undefined })
})

test('a record after the end, or after closing, is refused', async () => {
  const bundle = await createBundle(reports, runId)
  await bundle.append(end)
  await expect(bundle.append(run)).rejects.toMatchObject({ code: 'EVIDENCE_MISUSED' })
  await bundle.close()
  await expect(bundle.append(run)).rejects.toMatchObject({ code: 'EVIDENCE_MISUSED' })
  expect((await readBundle(bundle.dir)).records).toHaveLength(1)
})

test('a record of the wrong shape is refused, and the chain goes on', async () => {
  await using bundle = await createBundle(reports, runId)
  const wrong: unknown = { kind: 'finding', check: 'x' }
  await expect(bundle.append(wrong as RecordBody)).rejects.toMatchObject({ code: 'EVIDENCE_MISUSED', exit: 'internal' })
  await bundle.append(observed(1))
  expect((await readBundle(bundle.dir)).records.map(({ seq }) => seq)).toEqual([1])
})

test('every record is redacted on its way to disk', async () => {
  await using bundle = await createBundle(reports, runId, { redact: createRedactor(['known-CANARY']) })
  await bundle.append({ ...run, target: 'ssh://me:CANARY@host/x' })
  await bundle.append(observed({ Spec: { Env: ['A=CANARY'] }, text: 'a known-CANARY' }))
  await bundle.append({ kind: 'trouble', code: 'X', seen: 'token=CANARY', wanted: 'x', remedy: 'y', during: 'connect' })
  const text = await readFile(join(bundle.dir, 'evidence.jsonl'), 'utf8')
  expect(text).not.toContain('CANARY')
  await expect(readBundle(bundle.dir)).resolves.toMatchObject({ records: { length: 3 } })
})

test('no bundle is ever overwritten, nor written through a link', async () => {
  await using bundle = await createBundle(reports, runId)
  await bundle.append(run)
  await expect(createBundle(reports, runId)).rejects.toMatchObject({ code: 'EVIDENCE_EXISTS' })
  expect((await readBundle(bundle.dir)).records).toHaveLength(1)
  const other = '20261120T121701Z-0000'
  await symlink(reports, join(reports, 'evidence', other))
  await expect(createBundle(reports, other)).rejects.toMatchObject({ code: 'EVIDENCE_EXISTS' })
})

test.each(['../x', '20261120T121700Z', 'run'])('%s is no run id', async (id) => {
  await expect(createBundle(reports, id)).rejects.toMatchObject({ code: 'EVIDENCE_MISUSED' })
})

test('a reports folder that is a file is a wrong configuration', async () => {
  const file = join(reports, 'file')
  await writeFile(file, '')
  await expect(createBundle(file, runId)).rejects.toMatchObject({
    code: 'EVIDENCE_FOLDER_UNWRITABLE',
    exit: 'usage',
  })
})

const here = (file: string) => JSON.stringify(new URL(file, import.meta.url).pathname)

/** Runs `script` in a mount namespace of its own, after `setUp` there. */
function inNamespace(setUp: string, script: string) {
  const own = process.getuid?.() === 0 ? [] : ['--map-root-user']
  const program = `
    import { createJiti } from 'jiti'
    const jiti = createJiti(${here('.')}, { fsCache: false })
    const { createBundle } = await jiti.import(${here('./bundle.ts')})
    const { readBundle } = await jiti.import(${here('./read.ts')})
    ${script}`
  const shell = ['sh', '-ec', `${setUp}\nexec "$@"`, 'sh']
  const node = [process.execPath, '--input-type=module', '--eval', program]
  return spawn('unshare', [...own, '--mount', '--propagation', 'private', ...shell, ...node], {
    cwd: import.meta.dirname,
    env: { ...process.env, REPORTS: reports },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function outputOf(child: ReturnType<typeof inNamespace>): Promise<string[]> {
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) lines.push(line)
  return lines
}

test('a full disk is told as such, and what was written before it is read', async () => {
  const child = inNamespace(
    'mount -t tmpfs -o size=64k tmpfs "$REPORTS"',
    `
    const bundle = await createBundle(process.env.REPORTS, '${runId}')
    let written = 0
    const append = () => bundle.append({ kind: 'observation', fact: 'x', asks: [], raw: 'x'.repeat(9000) })
    let first
    try { for (;;) written = await append() } catch (error) { first = error }
    const second = await append().catch((error) => error)
    await bundle.close()
    const { records, tornBytes, complete } = await readBundle(bundle.dir)
    console.log(JSON.stringify({ code: first.code, exit: first.exit, second: second.code, written, read: records.length, torn: tornBytes > 0, complete }))
    `,
  )
  const seen = JSON.parse((await outputOf(child)).join())
  expect(seen.written).toBeGreaterThan(2)
  expect(seen).toEqual({
    code: 'EVIDENCE_DISK_FULL',
    exit: 'stale',
    second: 'EVIDENCE_DISK_FULL',
    written: seen.written,
    read: seen.written,
    torn: true,
    complete: false,
  })
}, 20_000)

test('a read-only file system is told as such', async () => {
  const child = inNamespace(
    'mount -t tmpfs -o ro tmpfs "$REPORTS"',
    `const error = await createBundle(process.env.REPORTS, '${runId}').catch((error) => error)
     console.log(error.code, error.exit)`,
  )
  expect(await outputOf(child)).toEqual(['EVIDENCE_FOLDER_UNWRITABLE usage'])
}, 20_000)

test('after a kill in mid-write every record that was acknowledged is there', async () => {
  const child = inNamespace(
    ':',
    `
    const bundle = await createBundle(process.env.REPORTS, '${runId}')
    for (let number = 0; ; number++) {
      const appends = Array.from({ length: 8 }, () => bundle.append({ kind: 'observation', fact: 'x', asks: [], raw: 'x'.repeat(200_000) }))
      for (const append of appends) append.then((seq) => console.log(seq))
      await Promise.all(appends)
    }
    `,
  )
  let acknowledged = 0
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged = Number(line)
    if (acknowledged === 24) child.kill('SIGKILL')
  }
  const bundle = await readBundle(join(reports, 'evidence', runId))
  expect(acknowledged).toBeGreaterThanOrEqual(24)
  expect(bundle.records.length).toBeGreaterThanOrEqual(acknowledged)
  expect(bundle.complete).toBe(false)
}, 20_000)
