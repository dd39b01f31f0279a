import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { expectationsSchema } from '../model/expectations.ts'
import { addressCensus } from '../model/facts/addresses/census.ts'
import { createBundle } from './evidence/bundle.ts'
import { newRunId } from './evidence/run-id.ts'
import { readHistory } from './history.ts'

let reports: string
const signal = new AbortController().signal
beforeEach(async () => {
  reports = await mkdtemp(join(tmpdir(), 'pvh-'))
})
afterEach(() => rm(reports, { recursive: true, force: true }))

interface Wish {
  readonly cluster?: string
  readonly leader?: string
  readonly check?: string
  readonly ends?: boolean
}

/** A bundle as a census on that day leaves it; its folder. */
async function bundleOf(
  day: number,
  { cluster = 'ours', leader = 'node-1', check = 'PV-ADR-001', ends = true }: Wish = {},
) {
  const bundle = await createBundle(reports, newRunId(new Date(Date.UTC(2026, 10, day))))
  const target = { command: 'pvcheck census', pvcheck: '0', node: '20', target: 't' }
  await bundle.append({
    ...{ kind: 'run', ...target, expectations: expectationsSchema.parse({}), planned: [{ check, title: 't' }] },
  })
  await bundle.append({ kind: 'host', fingerprint: { cluster, node: 'n', engine: 'e' } })
  // A break of a line for everybody but us.
  const raw = { readings: [], walks: [], allocator: { leader: `${leader}\u2028` } }
  await bundle.append({ kind: 'observation', fact: addressCensus.name, asks: [], raw })
  if (ends) await bundle.append({ kind: 'end', exit: 'pass' })
  await bundle.close()
  return bundle.dir
}

const read = (isWanted = () => true) =>
  readHistory(reports, { before: newRunId(new Date(Date.UTC(2026, 10, 28))), cluster: 'ours', isWanted, signal })

test('finds the censuses of the same Swarm, the oldest first', async () => {
  await bundleOf(3, { leader: 'c' })
  await bundleOf(1, { leader: 'a' })
  await bundleOf(2, { cluster: 'another' })
  await bundleOf(4, { check: 'PV-NET-001' })
  await bundleOf(5, { ends: false })
  await bundleOf(29, { leader: 'later' })
  const { censuses, leftOut } = await read()
  expect(censuses.map(({ census }) => census.allocator.leader)).toEqual(['a\u2028', 'c\u2028'])
  expect(leftOut).toEqual([])
})

test('a bundle that was changed is left out, and named', async () => {
  await bundleOf(1)
  const dir = await bundleOf(2)
  const path = join(dir, 'evidence.jsonl')
  await writeFile(path, (await readFile(path, 'utf8')).replace('node-1', 'node-2'))
  const { censuses, leftOut } = await read()
  expect(censuses).toHaveLength(1)
  expect(leftOut).toMatchObject([expect.stringMatching(/line 3 of .*evidence\.jsonl was changed/)])
})

test.each([
  [
    'cut off',
    async (path: string) => writeFile(path, (await readFile(path, 'utf8')).split('\n').slice(0, 3).join('\n')),
  ],
  ['added to', async (path: string) => appendFile(path, '{"seq":5}\n')],
])('one whose end was %s is left out, too', async (_, damage) => {
  await damage(join(await bundleOf(1), 'evidence.jsonl'))
  const { censuses, leftOut } = await read()
  expect(censuses).toEqual([])
  expect(leftOut).toHaveLength(1)
})

test('older ones are not read once nobody wants them, and no folder is no history', async () => {
  await bundleOf(1)
  await bundleOf(2)
  expect((await read(() => false)).censuses).toEqual([])
  await rm(reports, { recursive: true })
  expect(await read()).toEqual({ censuses: [], leftOut: [] })
})
