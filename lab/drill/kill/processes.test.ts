import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { pollUntil } from '../../../harness/core/poll.ts'
import { endTrail, newMark, processesOf, roleOf, signalAll, trail } from './processes.ts'

afterEach(endTrail)

/** A shell, a child of its, and one in a session of its own. */
async function startFamily(): Promise<string> {
  const mark = newMark()
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

test('stops them and lets them go on', async () => {
  const found = await processesOf(await startFamily())
  const states = (): string[] =>
    found.map(({ pid }) => /^State:\s*(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '')
  signalAll(found, 'SIGSTOP')
  expect(states()).toEqual(['T', 'T', 'T'])
  signalAll(found, 'SIGCONT')
  expect(states()).not.toContain('T')
})

test.each([
  ['worker', '/usr/bin/node --import file:///x/worker-guard.js?socket=/tmp/a /x/vitest/dist/workers/forks.js'],
  ['janitor', '/usr/bin/node /x/dist/harness/act/janitor/main.js'],
  ['tunnel', 'ssh -N -o ControlMaster=yes lab'],
  ['tunnel', '/usr/bin/ssh -o ControlPath=/tmp/x lab'],
  ['other', '/usr/bin/node /x/bin/pvcheck.js verify'],
])('knows a %s by its words', (role, words) => {
  expect(roleOf({ pid: 1, parent: 0, words })).toBe(role)
})
