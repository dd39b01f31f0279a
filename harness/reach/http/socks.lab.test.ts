import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rootCaFile } from '../../../lab/guest/deploy/deploy.ts'
import { labRoutes } from '../../../lab/guest/deploy/routes.ts'
import { type LabMachine, runOn } from '../../../lab/host/machine.ts'
import { ownStateHome } from '../../../lab/host/testing/state-home.ts'
import { labUp } from '../../../lab/lab.ts'
import { httpAddressSchema } from '../../model/http.ts'
import { createHttp } from './client.ts'
import type { HttpClient } from './http.ts'

const state = ownStateHome()
let machine: LabMachine

beforeAll(async () => {
  machine = await labUp({ name: 'http', refreshMs: 500, progress: () => undefined })
}, 300_000)

afterAll(() => state.remove(), 60_000)

const through = (port: number, more: object = {}): HttpClient =>
  createHttp(
    httpAddressSchema.parse({
      proxy: { host: machine.address, port },
      caPath: join(machine.dir, rootCaFile),
      timeouts: { connectMs: 3000 },
      ...more,
    }),
  )

test('routes whose names only the proxy can resolve are reached, and their certificates trusted', async () => {
  const direct = createHttp(httpAddressSchema.parse({}))
  for (const { host, path, contains = '' } of labRoutes) {
    const url = `https://${host}${path}`
    expect(await direct.ask({ url })).toMatchObject({ error: { phase: 'dns' } })
    const exchange = await through(1080).ask({ url })
    expect(exchange).toMatchObject({
      resolved: { by: 'proxy', addresses: [] },
      peer: `${machine.address}:1080`,
      tls: { authorized: true },
    })
    expect(exchange.error).toBeUndefined()
    expect(exchange.timings).toEqual({
      connectMs: expect.any(Number),
      tlsMs: expect.any(Number),
      firstByteMs: expect.any(Number),
      bodyMs: expect.any(Number),
    })
    expect(exchange.body).toContain(contains)
  }
})

test('plain http and knocking go through as well', async () => {
  expect(await through(1080).ask({ url: 'http://ci.lab.test/' })).toMatchObject({ status: 301 })
  const knock = await through(1080).knock({ host: 'ci.lab.test', port: 443 })
  expect(knock).toMatchObject({ peer: `${machine.address}:1080` })
  expect(knock.error).toBeUndefined()
})

test('an override is dialled by the proxy', async () => {
  const http = through(1080, { resolve: { '*.lab.test': '127.0.0.1' } })
  expect(await http.ask({ url: 'https://ci.lab.test/' })).toMatchObject({
    status: 200,
    resolved: { by: 'override', addresses: ['127.0.0.1'] },
  })
})

test('what keeps a destination out of reach is told apart', async () => {
  const http = through(1080)
  expect(await http.ask({ url: 'https://ci.lab.test:4/' })).toMatchObject({
    error: { phase: 'connect', code: 'SOCKS_TARGET_REFUSED' },
  })
  const nowhere = await http.ask({ url: 'https://nowhere.invalid/' })
  expect(nowhere).toMatchObject({ error: { phase: 'proxy', code: 'SOCKS_FAILED' } })
  expect(nowhere.error?.message).toContain('a name that they cannot resolve')
})

test('a proxy that wants a password is SOCKS_AUTH', async () => {
  expect(await through(1081).ask({ url: 'https://ci.lab.test/' })).toMatchObject({
    error: { phase: 'proxy', code: 'SOCKS_AUTH' },
  })
})

test('a proxy that is down is SOCKS_UNREACHABLE', async () => {
  await runOn(machine, 'systemctl stop socks.service')
  try {
    expect(await through(1080).ask({ url: 'https://ci.lab.test/' })).toMatchObject({
      error: { phase: 'proxy', code: 'SOCKS_UNREACHABLE' },
    })
  } finally {
    await runOn(machine, 'systemctl start socks.service')
  }
})
