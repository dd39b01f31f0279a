import { expect, test } from 'vitest'
import { censusSchema } from '../../model/census.ts'
import { changeOf } from './watch.ts'

const settings = censusSchema.parse({})
const before = { process: '1 10', startedAt: '', cpuMs: 0, residentBytes: 100 * 2 ** 20, raftBytes: 0 }
const mib = (count: number) => count * 2 ** 20

test.each([
  ['as before', {}, undefined],
  ['256 MiB more', { residentBytes: mib(356) }, undefined],
  ['more than that', { residentBytes: mib(357) }, 'ENGINE_GREW'],
  ['500 MiB of raft log', { raftBytes: mib(500) }, undefined],
  ['more than that of it', { raftBytes: mib(501) }, 'RAFT_GREW'],
  ['another dockerd, however small', { process: '2 99', residentBytes: 0 }, 'ALLOCATOR_CHANGED'],
])('%s', (_title, change, code) => {
  expect(changeOf(before, { ...before, ...change }, settings)).toEqual(
    code === undefined ? undefined : expect.objectContaining({ code }),
  )
})
