import { expect, test } from 'vitest'
import { bridge } from '../../model/facts/routing/bridge.ts'
import type { LogPiece } from '../../reach/engine/log-stream.ts'
import { info, type Outside, openReader } from './testing/outside.ts'

const services = [
  {
    ID: 'b1',
    CreatedAt: '2026-11-20T12:00:00Z',
    UpdatedAt: '2026-11-20T12:00:00Z',
    Spec: { Name: 'ccci-bridge_app', TaskTemplate: {}, Mode: { Replicated: {} } },
  },
]
const line = (second: number, text: string, stream: LogPiece['stream'] = 'stdout'): LogPiece => ({
  stream,
  text: `2026-11-20T12:00:${String(second).padStart(2, '0')}.123456789Z ${text}`,
})

async function read(serviceLogs: unknown, { wanted, ...more }: Partial<Outside> = {}) {
  const opened = openReader({
    wanted: { bridge: { service: 'ccci-bridge_app', ...wanted } },
    engine: { services, serviceLogs },
    ...more,
  })
  return { ...(await opened.reader.read(bridge)).value, asked: opened.asked, saved: opened.saved }
}

test('the newest lines of all tasks are kept, the last one last, with the clock of the engine after them', async () => {
  const older = Array.from({ length: 20 }, (_, index) => line(index, `old ${index}`))
  const newer = [line(25, 'late', 'stderr'), line(24, 'poll ok')]
  const { log, asked } = await read([...newer, ...older])
  expect(log).toMatchObject({ state: 'read', now: '2026-11-20T12:00:30.5Z' })
  if (log.state !== 'read') throw new Error('not read')
  expect(log.lines).toHaveLength(20)
  expect(log.lines[0]?.text).toBe('old 2')
  expect(log.lines.slice(-2)).toEqual([
    { at: '2026-11-20T12:00:24.123456789Z', text: 'poll ok' },
    { at: '2026-11-20T12:00:25.123456789Z', text: 'late' },
  ])
  expect(log).not.toHaveProperty('gap')
  expect(asked).toEqual(['services', 'serviceLogs', 'info'])
})

test('a long line is cut between words, so that no half secret is left', async () => {
  const secret = `canary-${'5a1t'.repeat(20)}`
  const { log, saved } = await read([line(1, `${'word '.repeat(50)}${secret} end`)], {
    credentials: { 'env:T': secret },
  })
  if (log.state !== 'read') throw new Error('not read')
  expect(log.lines[0]?.text).toBe(`${'word '.repeat(50)}…`)
  expect(JSON.stringify(saved)).not.toContain('canary')
})

test('what the engine could not get at is told beside the lines', async () => {
  const missing: LogPiece = { stream: 'system', text: 'Error grabbing logs: node x is not available' }
  expect((await read([line(1, 'poll ok'), missing])).log).toMatchObject({
    state: 'read',
    lines: [{}],
    gap: missing.text,
  })
  expect((await read([missing])).log).toMatchObject({ state: 'read', lines: [], gap: missing.text })
})

test('a log driver that cannot be read from is told where the engine refuses', async () => {
  const said = 'configured logging driver does not support reading'
  const unreadable = { state: 'unreadable', why: expect.stringContaining(said) }
  expect((await read({ refused: { message: said } })).log).toEqual(unreadable)
})

test.each([
  ['none', undefined],
  [undefined, 'syslog'],
])('an empty log of the driver %s, or else %s, says nothing', async (own, engines) => {
  const [service] = services
  const Spec = { ...service?.Spec, TaskTemplate: { LogDriver: own === undefined ? null : { Name: own } } }
  const engine = { services: [{ ...service, Spec }], info: { ...info, LoggingDriver: engines } }
  const why = `the log driver ${own ?? engines} gives nothing back`
  expect((await read([], { engine: { ...engine, serviceLogs: [] } })).log).toEqual({ state: 'unreadable', why })
  // Newer engines keep a copy that they can read.
  expect((await read([], { engine: { ...engine, serviceLogs: [line(1, 'poll ok')] } })).log).toMatchObject({
    state: 'read',
  })
})

test('an empty log of a driver that keeps what it is given is empty', async () => {
  expect((await read([])).log).toMatchObject({ state: 'read', lines: [] })
})

test('an engine that refuses for another reason has not been asked', async () => {
  await expect(read({ refused: { message: 'the swarm has no leader' } })).rejects.toMatchObject({
    code: 'OBSERVE_ENGINE_REFUSED',
  })
})

test('a service that is not there has no log', async () => {
  const { log, asked } = await read([], { engine: { services: [] } })
  expect(log).toEqual({ state: 'no service' })
  expect(asked).toEqual(['services'])
})

const health = { health: 'http://127.0.0.1:8081/healthz' }

test('its health is asked for on the manager, whatever comes of it', async () => {
  const host = (argv: readonly string[]) => (argv[0] === 'curl' ? { stdout: 'OK\n200' } : {})
  const answer = await read([], { wanted: health, host })
  expect(answer.health).toMatchObject({ exitCode: 0, stdout: 'OK\n200' })
  expect(answer.asked[0]).toBe('curl -q --noproxy * -sS -m 5 -o - -w \\n%{http_code} http://127.0.0.1:8081/healthz')
  const without = await read([], { wanted: health, host: () => ({ exitCode: 127, stderr: 'curl: not found' }) })
  expect(without.health).toMatchObject({ exitCode: 127 })
})

test('where no command can be run, its log is read all the same', async () => {
  const { healthUnasked, log, ...answer } = await read([line(1, 'poll ok')], { wanted: health })
  expect(healthUnasked).toContain('the engine is reached over tcp')
  expect(answer).not.toHaveProperty('health')
  expect(log.state).toBe('read')
})
