import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { intentsPath, runsDir } from '../mark/intent-line.ts'
import { type ProcessId, processIdOf } from '../mark/process-id.ts'
import { readLocalRuns } from './local-runs.ts'

let stateDir: string
let here: ProcessId

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'pvl-'))
  await mkdir(runsDir(stateDir))
  const id = await processIdOf()
  if (id === undefined) throw new Error('no process ids here')
  here = id
})
afterEach(() => rm(stateDir, { recursive: true }))

const runOf = (number: number): string => `20260101T00000${number}Z-0000`

async function write(number: number, { process, cluster = 'ours', rest = '' }: Given): Promise<string> {
  const run = runOf(number)
  const header = { line: 'run', at: '', run, owner: 'prod', cluster, ...(process === undefined ? {} : { process }) }
  await writeFile(intentsPath(stateDir, run), `${JSON.stringify(header)}\n${rest}`)
  return intentsPath(stateDir, run)
}
interface Given {
  readonly process?: ProcessId
  readonly cluster?: string
  readonly rest?: string
}

const states = async () => {
  const { runs, doubtful } = await readLocalRuns(stateDir, 'ours')
  return { states: runs.map(({ run, state }) => [run, state]), doubtful }
}

test('gone is only whose processes are certainly gone; a day without a line makes old who cannot be looked for', async () => {
  const past = { ...here, startTicks: here.startTicks - 1 }
  const rebooted = { ...past, bootId: 'another' }
  await write(1, { process: here })
  await write(2, { process: past })
  await write(3, { process: rebooted })
  const old = await write(4, { process: rebooted })
  await write(5, { process: past, rest: `${JSON.stringify({ line: 'janitor', at: '', process: here })}\n` })
  const oldAndAlive = await write(6, { process: here })
  await write(7, { process: past, cluster: 'another' })
  const dayAgo = Date.now() / 1000 - 24 * 3600 - 60
  for (const path of [old, oldAndAlive]) await utimes(path, dayAgo, dayAgo)
  expect(await states()).toEqual({
    states: [
      [runOf(1), 'maybe live'],
      [runOf(2), 'gone'],
      [runOf(3), 'maybe live'],
      [runOf(4), 'old'],
      [runOf(5), 'maybe live'],
      [runOf(6), 'maybe live'],
    ],
    doubtful: [],
  })
})

test('a damaged file says nothing of its run, and is told of; one that has not begun is left alone', async () => {
  await write(1, { process: { ...here, startTicks: 1 }, rest: '{"line":"created"}\n' })
  await writeFile(intentsPath(stateDir, runOf(2)), '{"line":"ru')
  expect(await states()).toEqual({
    states: [],
    doubtful: [expect.stringMatching(/^file of the run 20260101T000001Z-0000: .* is damaged in line 2/)],
  })
})
