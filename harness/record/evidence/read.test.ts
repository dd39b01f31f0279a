import { execFileSync } from 'node:child_process'
import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RecordBody } from '../../model/record.ts'
import { createBundle } from './bundle.ts'
import { noHash, sealLine } from './line.ts'
import { readBundle } from './read.ts'

const runId = '20261120T121700Z-3f2a'
const observed = (raw: unknown): RecordBody => ({ kind: 'observation', fact: 'x', asks: [], raw })

let reports: string
let dir: string
beforeEach(async () => {
  reports = await mkdtemp(join(tmpdir(), 'pvcheck-read-'))
  await using bundle = await createBundle(reports, runId)
  for (const raw of ['one', 'two', 'three', 'four']) await bundle.append(observed(raw))
  await bundle.append({ kind: 'end', exit: 'pass' })
  dir = bundle.dir
})
afterEach(async () => {
  await rm(reports, { recursive: true, force: true })
})

const lines = async () => (await readFile(join(dir, 'evidence.jsonl'), 'utf8')).trimEnd().split('\n')
const put = (list: readonly string[], end = '\n') => writeFile(join(dir, 'evidence.jsonl'), list.join('\n') + end)
const at = (list: readonly string[], index: number) => list[index] ?? ''

/** What somebody would do who knows the format: the line changed, its hash made to fit. */
function forge(line: string, change: object, prev?: string): string {
  const record = { ...JSON.parse(line), ...change }
  return sealLine(prev === undefined ? record : { ...record, prev }).line
}

const tampered: readonly (readonly [string, number, (list: readonly string[]) => readonly string[]])[] = [
  ['a changed value', 2, (list) => list.with(1, at(list, 1).replace('two', 'too'))],
  ['a changed space', 2, (list) => list.with(1, at(list, 1).replace('{"seq"', '{ "seq"'))],
  ['a changed hash', 3, (list) => list.with(2, at(list, 2).replace(/.{5}"}$/, '00000"}'))],
  ['a changed line with a hash that fits', 4, (list) => list.with(2, forge(at(list, 2), { body: observed('x') }))],
  ['a changed time in the first line', 1, (list) => list.with(0, at(list, 0).replace('"at":"2', '"at":"1'))],
  ['a removed line', 3, (list) => list.toSpliced(2, 1)],
  ['the first line removed', 1, (list) => list.slice(1)],
  ['an inserted copy', 3, (list) => list.toSpliced(2, 0, at(list, 1))],
  ['an inserted line with a hash that fits', 4, (list) => list.toSpliced(2, 0, forge(at(list, 2), {}))],
  ['two lines in the wrong order', 2, (list) => [at(list, 0), at(list, 2), at(list, 1), ...list.slice(3)]],
  ['an empty line', 3, (list) => list.toSpliced(2, 0, '')],
  ['a line that is no record', 3, (list) => list.toSpliced(2, 0, '{"x":1}')],
  ['a line of null bytes', 4, (list) => list.with(3, '\0'.repeat(200))],
  ['a wrong number', 1, (list) => list.with(0, forge(at(list, 0), { seq: 2 }))],
  ['another run', 1, (list) => list.with(0, forge(at(list, 0), { run: '20261120T121700Z-0000' }))],
  ['the last line replaced by one that fits', 5, (list) => list.with(4, forge(at(list, 4), { at: '2026' }))],
  ['the end cut off', 5, (list) => list.slice(0, 4)],
  ['half of it cut off', 3, (list) => list.slice(0, 2)],
  ['everything cut off', 1, () => []],
  ['a line after the end', 6, (list) => [...list, forge(at(list, 1), { seq: 6 }, JSON.parse(at(list, 4)).hash)]],
]

describe('the chain', () => {
  test.each(tampered)('is broken by %s, at line %i', async (_, line, tamper) => {
    await put(tamper(await lines()))
    const problem = expect(readBundle(dir)).rejects
    await problem.toMatchObject({ code: 'EVIDENCE_BROKEN', exit: 'stale' })
    await problem.toThrow(`line ${line} of ${join(dir, 'evidence.jsonl')} `)
  })

  test('is broken by any single bit that is changed', async () => {
    const path = join(dir, 'evidence.jsonl')
    const content = await readFile(path)
    for (let index = 0; index < content.length; index += 11) {
      const changed = Buffer.from(content)
      changed[index] = (changed[index] ?? 0) ^ (1 << (index % 8))
      await writeFile(path, changed)
      await expect(readBundle(dir)).rejects.toMatchObject({ code: 'EVIDENCE_BROKEN' })
    }
  })

  test('is broken by a seal that says something else', async () => {
    const path = join(dir, 'bundle.json')
    const seal = JSON.parse(await readFile(path, 'utf8'))
    await writeFile(path, JSON.stringify({ ...seal, head: noHash }))
    await expect(readBundle(dir)).rejects.toMatchObject({ code: 'EVIDENCE_BROKEN' })
    await writeFile(path, '{')
    await expect(readBundle(dir)).rejects.toMatchObject({ code: 'EVIDENCE_BROKEN' })
  })

  test('made anew from its first line on is told by the head that was taken down', async () => {
    const { head } = await readBundle(dir)
    await expect(readBundle(dir, { head })).resolves.toMatchObject({ head })
    const forged: string[] = []
    for (const line of await lines()) {
      const prev = forged.length === 0 ? noHash : JSON.parse(at(forged, forged.length - 1)).hash
      forged.push(forge(line.replace('two', 'too'), {}, prev))
    }
    await put(forged)
    await rm(join(dir, 'bundle.json'))
    await expect(readBundle(dir)).resolves.toMatchObject({ complete: true })
    await expect(readBundle(dir, { head })).rejects.toMatchObject({ code: 'EVIDENCE_BROKEN' })
  })

  test('is broken by another name of its folder', async () => {
    const other = join(reports, 'evidence', '20261120T121700Z-0001')
    await rename(dir, other)
    await expect(readBundle(other)).rejects.toMatchObject({ code: 'EVIDENCE_BROKEN' })
  })

  test('holds for a copy elsewhere, and for a path of any form', async () => {
    const copy = join(reports, 'copy', runId)
    await cp(dir, copy, { recursive: true })
    await expect(readBundle(`${copy}/./`)).resolves.toMatchObject({ complete: true })
  })
})

test('a last line cut off anywhere is told, and all before it is read', async () => {
  await rm(join(dir, 'bundle.json'))
  const list = await lines()
  const last = at(list, 4)
  const whole = list.slice(0, 4).join('\n')
  for (let length = 1; length <= last.length; length += 7) {
    await writeFile(join(dir, 'evidence.jsonl'), `${whole}\n${last.slice(0, length)}`)
    const bundle = await readBundle(dir)
    expect(bundle).toMatchObject({ tornBytes: length, complete: false, records: { length: 4 } })
  }
})

test('a line cut off within a character is told as well', async () => {
  await rm(join(dir, 'bundle.json'))
  const whole = (await lines()).slice(0, 2).join('\n')
  await writeFile(join(dir, 'evidence.jsonl'), Buffer.concat([Buffer.from(`${whole}\n{"ü`), Buffer.from([0xc3])]))
  await expect(readBundle(dir)).resolves.toMatchObject({ tornBytes: 5, records: { length: 2 } })
})

test('a chain that a newer pvcheck wrote is not called broken', async () => {
  await rm(join(dir, 'bundle.json'))
  const [first = '', ...rest] = await lines()
  await put([forge(first, { body: { kind: 'hologram' } }), ...rest])
  await expect(readBundle(dir)).rejects.toMatchObject({ code: 'EVIDENCE_NEWER' })
})

test('a folder without evidence is told as such', async () => {
  await expect(readBundle(join(reports, 'nowhere'))).rejects.toMatchObject({ code: 'EVIDENCE_MISSING' })
})

test('anybody can check a hash by hand', async () => {
  const [, second = ''] = await lines()
  const command = `sed -n 2p evidence.jsonl | sed 's/,"hash":"[0-9a-f]*"}$/}/' | tr -d '\\n' | sha256sum`
  const sum = execFileSync('sh', ['-c', command], { cwd: dir, encoding: 'utf8' })
  expect(sum.slice(0, 64)).toBe(JSON.parse(second).hash)
})
