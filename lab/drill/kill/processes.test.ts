import { spawn } from 'node:child_process'
import { afterEach, expect, test } from 'vitest'
import { pollUntil } from '../../../harness/core/poll.ts'
import { endTrail, newMark, processesOf, roleOf, signalAll, trail } from './processes.ts'
import { putToSleep, wake } from './sleep.ts'

let started: string[] = []
afterEach(async () => {
  for (const mark of started) await endTrail(mark)
  started = []
})

/** A shell, a child of its, and one in a session of its own. */
async function startFamily(): Promise<string> {
  const mark = newMark()
  started.push(mark)
  spawn('sh', ['-c', 'sleep 61 & setsid -f sleep 62; wait'], {
    stdio: 'ignore',
    env: { ...process.env, [trail]: mark },
  })
  await pollUntil<void>(
    async () => {
      const words = (await processesOf(mark)).map((one) => one.words)
      const isComplete = ['sleep 61', 'sleep 62'].every((word) => words.includes(word)) && words.length === 3
      return isComplete ? { done: true, value: undefined } : { done: false, state: words.join('; ') }
    },
    { what: 'three processes', timeoutMs: 10_000 },
  )
  return mark
}

test('finds all that a command has started, in whatever session, and nobody else', async () => {
  const [one, other] = [await startFamily(), await startFamily()]
  signalAll(await processesOf(one), 'SIGKILL')
  await pollUntil<void>(
    async () =>
      (await processesOf(one)).length === 0 ? { done: true, value: undefined } : { done: false, state: 'still there' },
    { what: 'an end', timeoutMs: 5_000 },
  )
  expect(await processesOf(other)).toHaveLength(3)
})

test('puts them to sleep, and wakes them', async () => {
  const mark = await startFamily()
  const states = async (): Promise<string[]> => (await processesOf(mark)).map(({ state }) => state)
  await putToSleep(mark)
  expect(await states()).toEqual(['T', 'T', 'T'])
  await wake(mark)
  expect(await states()).not.toContain('T')
})

test.each([
  ['worker', '/usr/bin/node --import file:///x/worker-guard.js?socket=/tmp/a /x/vitest/dist/workers/forks.js'],
  ['janitor', '/usr/bin/node /x/dist/harness/act/janitor/main.js'],
  ['tunnel', 'ssh -N -o ControlMaster=yes lab'],
  ['tunnel', '/usr/bin/ssh -o ControlPath=/tmp/x lab'],
  ['other', '/usr/bin/node /x/bin/pvcheck.js verify'],
])('knows a %s by its words', (role, words) => {
  expect(roleOf({ words })).toBe(role)
})
