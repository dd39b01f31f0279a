import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { markProcess } from './process.ts'
import { findLabs, type LabRecord, readRecord, writeRecord } from './record.ts'
import { labState } from './state.ts'

const record: LabRecord = {
  name: 'one',
  id: 'pvlab-000001',
  kind: 'lab',
  phase: 'creating',
  owner: { pid: 2 ** 22 + 1, startTicks: '1' },
  createdAt: '2026-01-02T03:04:05.000Z',
  machineId: '7e57ab1e000000000000000000000000',
  engine: '20.10',
  beforeFix: false,
  refreshMs: 500,
  network: '198.51.100.0',
  gateway: '198.51.100.1',
  address: '198.51.100.2',
  cgroups: [{ path: '/sys/fs/cgroup/pvlab-000001', unified: true, tree: true }],
  routes: [],
  sabotages: [],
}

let home: string
let dir: string
const { XDG_STATE_HOME: before } = process.env

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'record-'))
  process.env['XDG_STATE_HOME'] = home
  dir = join(home, 'pvcheck', 'labs', 'one')
  mkdirSync(dir, { recursive: true })
})

afterEach(() => {
  if (before === undefined) delete process.env['XDG_STATE_HOME']
  else process.env['XDG_STATE_HOME'] = before
  rmSync(home, { recursive: true })
})

test('a record is read as it was written, and leaves no temporary file', async () => {
  await writeRecord(dir, record)
  expect(await readRecord(dir)).toEqual(record)
  expect(readdirSync(dir)).toEqual(['lab.json'])
})

test('a record that is cut off is an error that names the file', async () => {
  writeFileSync(join(dir, 'lab.json'), '{"name": "on')
  await expect(readRecord(dir)).rejects.toMatchObject({
    code: 'LAB_RECORD_UNREADABLE',
    seen: expect.stringContaining(join(dir, 'lab.json')),
  })
})

test('a lab whose owner died while it booted is half made; one that somebody boots is booting', async () => {
  await writeRecord(dir, record)
  expect((await findLabs()).map((lab) => lab.name)).toEqual(['one'])
  const [lab] = await findLabs()
  expect(lab && (await labState(lab))).toBe('half')
  const owner = await markProcess(process.pid)
  if (owner === undefined) throw new Error('no /proc')
  await writeRecord(dir, { ...record, owner })
  const [again] = await findLabs()
  expect(again && (await labState(again))).toBe('booting')
})

test('a process that has the id of the owner, but started at another time, is not the owner', async () => {
  await writeRecord(dir, { ...record, owner: { pid: process.pid, startTicks: '1' } })
  const [lab] = await findLabs()
  expect(lab && (await labState(lab))).toBe('half')
})

test('a folder without a record is half a lab; a lab without processes is dead', async () => {
  const [bare] = await findLabs()
  expect(bare && (await labState(bare))).toBe('half')
  await writeRecord(dir, { ...record, phase: 'running' })
  const [dead] = await findLabs()
  expect(dead && (await labState(dead))).toBe('dead')
})
