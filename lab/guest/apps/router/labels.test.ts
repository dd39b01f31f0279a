import { describe, expect, test } from 'vitest'
import { decodeLabels, decodeSettings } from './labels.mjs'
import { recipeLabels, staticConfig } from './testing.ts'

describe('the provider labels', () => {
  test('leave the defaults where there are none', () => {
    const settings = { enable: false, network: 'proxy', lbSwarm: false, deprecated: false }
    expect(decodeSettings({}, staticConfig())).toEqual(settings)
    expect(decodeSettings({}, staticConfig({ exposedByDefault: true, defaultNetwork: '' }))).toEqual({
      ...settings,
      enable: true,
      network: '',
    })
  })

  test('name a network of their own', () => {
    expect(decodeSettings({ 'traefik.swarm.network': 'other' }, staticConfig())).toMatchObject({
      network: 'other',
      deprecated: false,
    })
  })

  test('still mean something in their old form, and are deprecated in it', () => {
    const labels = { 'traefik.docker.network': 'other', 'traefik.docker.lbswarm': 'true' }
    expect(decodeSettings(labels, staticConfig())).toMatchObject({ network: 'other', lbSwarm: true, deprecated: true })
    expect(decodeSettings(labels, staticConfig({ major: 2 }))).toMatchObject({ network: 'other', deprecated: false })
  })

  test('are refused in both forms at once', () => {
    const labels = { 'traefik.docker.network': 'a', 'traefik.swarm.network': 'a' }
    expect(() => decodeSettings(labels, staticConfig())).toThrow('both Docker and Swarm labels are defined')
  })

  test('say nothing to Traefik 2 in their new form', () => {
    expect(decodeSettings({ 'traefik.swarm.network': 'a' }, staticConfig({ major: 2 }))).toMatchObject({
      network: 'proxy',
    })
  })

  test('are refused when a switch is neither on nor off', () => {
    expect(() => decodeSettings({ 'traefik.enable': 'maybe' }, staticConfig())).toThrow('parsing "maybe"')
  })
})

describe('the routing labels', () => {
  test('declare a router and a service', () => {
    expect(decodeLabels(recipeLabels('drone', 'drone.test'))).toEqual({
      routers: { drone: { rule: 'Host(`drone.test`)', entryPoints: ['web-secure'], tls: {} } },
      services: { drone: { port: '80', scheme: 'http', passHostHeader: true } },
      middlewares: [],
    })
  })

  test('turn TLS on by a certificate resolver alone', () => {
    expect(decodeLabels({ 'traefik.http.routers.a.tls.certresolver': 'production' }).routers).toEqual({
      a: { tls: { certResolver: 'production' } },
    })
  })

  test('pass over labels that are not about HTTP', () => {
    const labels = { 'coop-cloud.a.version': '1', 'traefik.enable': 'true', 'backupbot.backup': 'true' }
    expect(decodeLabels(labels)).toEqual({ routers: {}, services: {}, middlewares: [] })
  })

  test.each(['traefik.http.routers.a.ruel', 'traefik.http.services.a.prot', 'traefik.http.rooters.a.rule'])(
    'refuse %s',
    (label) => {
      expect(() => decodeLabels({ [label]: 'x' })).toThrow(/^field not found, node: /)
    },
  )
})
