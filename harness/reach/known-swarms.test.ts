import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { proveCluster } from './known-swarms.ts'

const label = 'ssh://host/var/run/docker.sock'
let stateDir: string

beforeEach(async () => {
  stateDir = join(await mkdtemp(join(tmpdir(), 'pvcheck-known-')), 'state')
})

afterEach(async () => {
  await rm(join(stateDir, '..'), { recursive: true, force: true })
})

function prove(cluster: string, wanted?: string, at = label): Promise<void> {
  return proveCluster({ label: at, cluster }, { cluster: wanted, stateDir })
}

test('the first cluster is remembered, by address, and nothing else is left in the folder', async () => {
  await prove('one')
  await prove('two', undefined, 'unix:///a.sock')
  expect(JSON.parse(await readFile(join(stateDir, 'known-swarms.json'), 'utf8'))).toEqual({
    [label]: 'one',
    'unix:///a.sock': 'two',
  })
  expect(await readdir(stateDir)).toEqual(['known-swarms.json'])
  await prove('one')
})

test('another cluster at the same address is refused, with the way to forget', async () => {
  await prove('one')
  await expect(prove('other')).rejects.toMatchObject({
    code: 'REACH_OTHER_SWARM',
    seen: expect.stringContaining('other'),
    wanted: expect.stringContaining('one'),
    remedy: expect.stringContaining(`Remove the entry "${label}" from ${join(stateDir, 'known-swarms.json')}`),
  })
})

test('a configured cluster counts alone, and is not remembered', async () => {
  await prove('one')
  await prove('two', 'two')
  await expect(prove('two', 'three')).rejects.toMatchObject({ code: 'REACH_OTHER_SWARM' })
  await prove('one')
})

test('a broken memory is an error, not an empty one', async () => {
  await prove('one')
  await writeFile(join(stateDir, 'known-swarms.json'), '{"trunc')
  await expect(prove('other')).rejects.toMatchObject({ code: 'REACH_STATE_UNREADABLE', exit: 'blocked' })
})

test('an address called like a member of every object is a new one', async () => {
  await prove('one', undefined, 'constructor')
  await expect(prove('two', undefined, 'constructor')).rejects.toMatchObject({ code: 'REACH_OTHER_SWARM' })
})
