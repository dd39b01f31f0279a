import { describe, expect, test } from 'vitest'
import { PvcheckError } from '../core/errors.ts'
import { createRedactor } from '../core/redact.ts'
import { expectationsSchema } from '../model/expectations.ts'
import { engineUnit } from '../model/facts/engine-unit.ts'
import { engineVersion } from '../model/facts/engine-version.ts'
import { installedEngine } from '../model/facts/installed-engine.ts'
import { journalWindow } from '../model/facts/journal-window.ts'
import { services } from '../model/facts/services.ts'
import { httpAddressSchema } from '../model/http.ts'
import type { RecordBody } from '../model/record.ts'
import type { EngineAnswer, EngineReader } from '../reach/engine/reader.ts'
import type { CommandAnswer } from '../reach/host/runner.ts'
import { createHttp } from '../reach/http/client.ts'
import type { Target } from '../reach/target.ts'
import { createFactReader } from './reader.ts'

/** What a host of these tests answers; each request and command is noted down. */
interface Script {
  readonly engine?: Readonly<Record<string, { status: number; body: unknown } | Error>>
  readonly host?: (argv: readonly string[]) => Partial<CommandAnswer> | Error
}

const at = { startedAt: '2026-11-20T12:00:00.000Z', durationMs: 3 }

function open(script: Script, secrets: readonly string[] = []) {
  const asked: string[] = []
  const saved: RecordBody[] = []
  const ask = (name: string) => async (): Promise<EngineAnswer> => {
    asked.push(name)
    const answer = script.engine?.[name] ?? new Error(`nobody expected ${name}`)
    if (answer instanceof Error) throw answer
    return { what: `GET /v1.41/${name}`, ...at, ...answer }
  }
  const names = [
    'version',
    'info',
    'swarm',
    'nodes',
    'services',
    'tasks',
    'networks',
    'network',
    'containers',
    'configs',
  ]
  const engine = Object.fromEntries(names.map((name) => [name, ask(name)])) as unknown as EngineReader
  const host: Target['host'] =
    script.host === undefined
      ? { unavailable: 'the engine is reached over tcp' }
      : {
          run: async (argv) => {
            asked.push(argv.join(' '))
            const answer = script.host?.(argv) ?? {}
            if (answer instanceof Error) throw answer
            return { what: argv.join(' '), ...at, exitCode: 0, stdout: '', stderr: '', truncated: false, ...answer }
          },
        }
  const fingerprint = { cluster: 'c', node: 'n', engine: '20.10' }
  const recorder = { append: async (body: RecordBody) => saved.push(body) }
  const http = createHttp(httpAddressSchema.parse({}))
  const target = { label: 'test', fingerprint, engine, host, http }
  const reader = createFactReader(target, recorder, createRedactor(secrets), expectationsSchema.parse({}))
  return { reader, asked, saved }
}

const version = {
  status: 200,
  body: { Version: '20.10.24', ApiVersion: '1.41', GitCommit: '5d6db84', Experimental: false },
}

describe('a fact', () => {
  test('is asked and saved once, however many read it at once', async () => {
    const { reader, asked, saved } = open({ engine: { version } })
    const answers = await Promise.all([reader.read(engineVersion), reader.read(engineVersion)])
    expect(answers.map(({ seq }) => seq)).toEqual([1, 1])
    expect(asked).toEqual(['version'])
    expect(saved).toHaveLength(1)
    await reader.read(engineVersion)
    expect(asked).toEqual(['version'])
  })

  test('is saved raw, with the request, its status and its duration', async () => {
    const { reader, saved } = open({ engine: { version } })
    const { value } = await reader.read(engineVersion)
    expect(value).toEqual({ Version: '20.10.24', ApiVersion: '1.41', GitCommit: '5d6db84' })
    expect(saved).toEqual([
      {
        kind: 'observation',
        fact: 'engine-version',
        asks: [{ via: 'engine', what: 'GET /v1.41/version', ...at, answer: 200 }],
        raw: version.body,
      },
    ])
  })

  test('is decoded from what was saved: no secret is left in either', async () => {
    const body = { ...version.body, GitCommit: 'canary-5a1t' }
    const { reader, saved } = open({ engine: { version: { status: 200, body } } }, ['canary-5a1t'])
    const { value } = await reader.read(engineVersion)
    expect(JSON.stringify([value, saved])).not.toContain('canary-5a1t')
  })

  test('of an empty list is a fact', async () => {
    const { reader } = open({ engine: { services: { status: 200, body: [] } } })
    await expect(reader.read(services)).resolves.toMatchObject({ value: [] })
  })
})

describe('an answer that is of no use', () => {
  test('a refusal of the engine is saved with its body, and thrown once more to the next reader', async () => {
    const body = { message: 'This node is not a swarm manager.' }
    const { reader, asked, saved } = open({ engine: { services: { status: 503, body } } })
    await expect(reader.read(services)).rejects.toMatchObject({ code: 'OBSERVE_ENGINE_REFUSED' })
    await expect(reader.read(services)).rejects.toThrow(/503: This node is not a swarm manager/)
    expect(asked).toEqual(['services'])
    expect(saved).toMatchObject([
      { fact: 'services', asks: [{ answer: 503 }], raw: body, error: expect.stringContaining('503') },
    ])
  })

  test('of another shape is saved before it is refused', async () => {
    const { reader, saved } = open({ engine: { version: { status: 200, body: { Version: 20 } } } })
    await expect(reader.read(engineVersion)).rejects.toMatchObject({ code: 'OBSERVE_SHAPE', exit: 'unknown' })
    expect(saved).toMatchObject([{ fact: 'engine-version', raw: { Version: 20 } }])
  })

  test('a request without an answer is saved with what was tried and why it failed', async () => {
    const lost = new PvcheckError({ code: 'REACH_SSH_LOST', seen: 'the connection died', wanted: 'x', remedy: 'y' })
    const { reader, saved } = open({ engine: { version: lost } })
    await expect(reader.read(engineVersion)).rejects.toBe(lost)
    expect(saved).toMatchObject([
      {
        fact: 'engine-version',
        asks: [{ via: 'engine', what: 'GET /version' }],
        error: expect.stringContaining('REACH_SSH_LOST'),
      },
    ])
    expect(saved[0]).not.toHaveProperty('asks.0.answer')
  })

  test('a command on a target without a host is refused by name', async () => {
    const { reader, saved } = open({ engine: { version } })
    await expect(reader.read(engineUnit)).rejects.toMatchObject({ code: 'OBSERVE_NO_HOST' })
    expect(saved).toMatchObject([{ fact: 'engine-unit', asks: [], error: expect.stringContaining('tcp') }])
  })

  test('a command that fails is saved with its exit code and what it said', async () => {
    const { reader, saved } = open({ host: () => ({ exitCode: 127, stderr: 'systemctl: not found' }) })
    await expect(reader.read(engineUnit)).rejects.toThrow(/exit code 127: systemctl: not found/)
    expect(saved).toMatchObject([{ asks: [{ via: 'host', answer: 127 }], raw: { stderr: 'systemctl: not found' } }])
  })
})

describe('a fact that needs another', () => {
  const show = [
    'Id=docker.service',
    'ExecMainStartTimestamp=Fri 2026-11-20 12:29:01.049283 UTC',
    'InvocationID=94d8',
    'ExecStart={ path=/opt/engine/dockerd ; argv[]=/opt/engine/dockerd -H fd:// ; ignore_errors=no ; pid=57 }',
  ].join('\n')
  const info = (SystemTime: string) => ({
    status: 200,
    body: { Name: 'm', SystemTime, Swarm: { NodeID: 'n', LocalNodeState: 'active', ControlAvailable: true } },
  })
  const host = (argv: readonly string[]): Partial<CommandAnswer> =>
    argv[0] === 'systemctl' ? { stdout: show } : { stdout: 'Docker version 20.10.24, build 5d6db84\n' }

  test('reads it through the same reader', async () => {
    const { reader, asked } = open({ host })
    await Promise.all([reader.read(installedEngine), reader.read(engineUnit)])
    expect(asked).toHaveLength(2)
    expect(asked[1]).toBe('/opt/engine/dockerd --version')
  })

  test.each([
    ['2026-11-20T13:00:00.123456789Z', '@1795177741.049'],
    ['2026-11-20T14:00:00+01:00', '@1795177741.049'],
    ['2026-11-30T12:29:01.049Z', '@1795948141.049'],
  ])('the window by a clock at %s starts at %s', async (now, since) => {
    const { reader, asked } = open({
      host: (argv) => (argv[0] === 'journalctl' ? {} : host(argv)),
      engine: { info: info(now) },
    })
    const { value } = await reader.read(journalWindow)
    expect(asked.at(-1)).toContain(`--since=${since} _SYSTEMD_UNIT=docker.service _TRANSPORT=stdout`)
    expect(Date.parse(value.since) / 1000).toBe(Number(since.slice(1)))
  })

  test('what the journal gives newest first is kept in the order in which it was logged', async () => {
    const line = (time: number) =>
      JSON.stringify({ __REALTIME_TIMESTAMP: String(time), __CURSOR: `c${time}`, MESSAGE: 'x' })
    const journal = { stdout: `-- Boot --\n${[3, 2, 1].map(line).join('\n')}\n` }
    const { reader } = open({
      host: (argv) => (argv[0] === 'journalctl' ? journal : host(argv)),
      engine: { info: info('2026-11-20T13:00:00Z') },
    })
    const { value } = await reader.read(journalWindow)
    expect(value.entries.map(({ timeUs }) => timeUs)).toEqual([1, 2, 3])
  })

  test('of an answer that was cut off the last line is dropped, and the cut is kept', async () => {
    const line = JSON.stringify({ __REALTIME_TIMESTAMP: '5', __CURSOR: 'c', MESSAGE: 'x' })
    const { reader } = open({
      host: (argv) =>
        argv[0] === 'journalctl' ? { stdout: `${line}\n${line.slice(0, 20)}`, truncated: true } : host(argv),
      engine: { info: info('2026-11-20T13:00:00Z') },
    })
    const { value } = await reader.read(journalWindow)
    expect(value).toMatchObject({ truncated: true, entries: [{ timeUs: 5 }] })
  })

  test('a unit that was never started has no window', async () => {
    const { reader } = open({
      host: () => ({ stdout: 'Id=docker.service\nLoadState=not-found\n' }),
      engine: { info: info('2026-11-20T13:00:00Z') },
    })
    await expect(reader.read(journalWindow)).rejects.toMatchObject({ code: 'OBSERVE_NO_ENGINE_START' })
  })
})

test('a systemd that cannot tell microseconds is asked for seconds', async () => {
  const { reader, asked } = open({
    host: ([program]) =>
      program === 'systemctl'
        ? { exitCode: 1, stderr: "systemctl: unrecognized option '--timestamp=us+utc'\n" }
        : { stdout: 'Id=docker.service\nExecMainStartTimestamp=Fri 2026-11-20 12:01:01 UTC\n' },
  })
  expect((await reader.read(engineUnit)).value).toMatchObject({ startedAt: '2026-11-20T12:01:01Z' })
  expect(asked[1]).toMatch(/^env TZ=UTC systemctl show --property=Id .* -- docker.service$/)
})
