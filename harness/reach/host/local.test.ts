import { afterEach, expect, test } from 'vitest'
import { PvcheckError } from '../../core/errors.ts'
import { createLocalRunner } from './local.ts'

const host = createLocalRunner({ timeoutMs: 5000, dockerHost: 'unix:///run/configured.sock' })
const before = process.env['DOCKER_HOST']

afterEach(() => {
  if (before === undefined) delete process.env['DOCKER_HOST']
  else process.env['DOCKER_HOST'] = before
})

test('a command is answered with all that it said', async () => {
  const answer = await host.run(['sh', '-c', 'echo out; echo err >&2; exit 3'])
  expect(answer).toMatchObject({ exitCode: 3, stdout: 'out\n', stderr: 'err\n', truncated: false })
  expect(answer.what).toBe(`sh -c 'echo out; echo err >&2; exit 3'`)
  expect(Date.parse(answer.startedAt)).toBeGreaterThan(0)
})

test('the exit code 255 is an answer like any other', async () => {
  expect((await host.run(['sh', '-c', 'exit 255'])).exitCode).toBe(255)
})

test('a command that is not there answers 127, one that is killed 128 and more', async () => {
  expect((await host.run(['no-such-command'])).exitCode).toBe(127)
  expect((await host.run(['sh', '-c', 'kill -KILL $$'])).exitCode).toBe(137)
})

test('stdin arrives, and words arrive as they are', async () => {
  expect((await host.run(['cat'], { stdin: 'a\nb' })).stdout).toBe('a\nb')
  expect((await host.run(['printf', '%s', `$HOME '"\\`])).stdout).toBe(`$HOME '"\\`)
})

test('a command that does not read its stdin is no error', async () => {
  expect((await host.run(['true'], { stdin: 'x'.repeat(1_000_000) })).exitCode).toBe(0)
})

test('bytes that are not UTF-8 do not lose the rest', async () => {
  expect((await host.run(['printf', 'a\\377b\\000c'])).stdout).toBe('a\uFFFDb\0c')
})

test('a flood is cut off at its bound, and the exit code is still known', async () => {
  const flood = await host.run(['sh', '-c', 'head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2; exit 7'], {
    maxBytes: 1000,
  })
  expect([flood.exitCode, flood.stdout.length, flood.stderr.length, flood.truncated]).toEqual([7, 1000, 1000, true])
})

test('a command that does not end is ended at its deadline', async () => {
  const started = performance.now()
  const error = await host.run(['sleep', '60'], { timeoutMs: 100 }).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(PvcheckError)
  expect(error).toMatchObject({ code: 'REACH_COMMAND_TIMEOUT', exit: 'unknown' })
  expect(performance.now() - started).toBeLessThan(2000)
})

test('a signal ends a command with its reason', async () => {
  const reason = new Error('cancelled')
  await expect(host.run(['sleep', '60'], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  const controller = new AbortController()
  setImmediate(() => controller.abort(reason))
  await expect(host.run(['sleep', '60'], { signal: controller.signal })).rejects.toBe(reason)
})

test('the environment cannot send the docker CLI elsewhere', async () => {
  process.env['DOCKER_HOST'] = 'tcp://203.0.113.9:2375'
  expect((await host.run(['sh', '-c', 'echo $DOCKER_HOST'])).stdout).toBe('unix:///run/configured.sock\n')
  const unknown = createLocalRunner({ timeoutMs: 5000 })
  expect((await unknown.run(['sh', '-c', 'echo "[$DOCKER_HOST]"'])).stdout).toBe('[]\n')
})

test('a command speaks English and finds what is in sbin', async () => {
  const { stdout } = await host.run(['sh', '-c', 'echo $LC_ALL $PATH'])
  expect(stdout).toMatch(/^C .*:\/usr\/local\/sbin:\/usr\/sbin:\/sbin$/m)
})
