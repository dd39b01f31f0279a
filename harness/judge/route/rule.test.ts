import { expect, test } from 'vitest'
import { matchesRule } from './rule.ts'

const asked = { host: 'drone.example.org', path: '/api/user', method: 'GET' }

test.each<[rule: string, version: string, matches: boolean | undefined]>([
  ['Host(`drone.example.org`)', '3.1', true],
  ['Host(`DRONE.example.org.`)', '3.1', true],
  ['host("drone.example.org")', '3.1', true],
  ['Host(`ci.example.org`)', '3.1', false],
  ['Host(`ci.example.org`, `drone.example.org`)', '2.11', true],
  ['Host(`ci.example.org`) || Host(`drone.example.org`)', '3.1', true],
  ['HostHeader(`drone.example.org`)', '2.11', true],
  ['Host(`*.example.org`)', '3.8', undefined],
  ['Host(`*.example.net`)', '3.8', false],
  ['HostRegexp(`{name:[a-z]{3,9}}.example.org`)', '2.11', true],
  ['HostRegexp(`{name}.example.org`)', '2.11', true],
  ['HostRegexp(`{name}.org`)', '2.11', false],
  ['HostRegexp(`.+`)', '2.11', false],
  ['HostRegexp(`drone.example.org`)', '2.11', true],
  ['HostRegexp(`.+`)', '3.1', true],
  ['HostRegexp(`^[a-z]{5}\\.example\\.org$`)', '3.1', true],
  ['HostRegexp(`^ci\\.`)', '3.1', false],
  ['HostRegexp(`(?i)^DRONE`)', '3.1', true],
  ['HostRegexp(`^[[:alpha:]]+`)', '3.1', undefined],
  ['HostRegexp(`(?P<x>a)`)', '3.1', undefined],
  ['HostRegexp(`^([a-z]+\\.)?example\\.org$`)', '3.1', true],
  ['HostRegexp(`^[a-z]+[(+)]?\\.example\\.org$`)', '3.1', true],
  ['PathPrefix(`/api`)', '3.1', true],
  ['PathPrefix(`/user`)', '3.1', false],
  ['PathPrefix(`/{part:[a-z]+}`)', '2.11', true],
  ['PathPrefix(`/{part}`)', '3.1', false],
  ['Path(`/api`)', '3.1', false],
  ['Path(`/api/user`)', '3.1', true],
  ['Path(`/api/{what}`)', '2.11', true],
  ['Path(`/{what}`)', '2.11', false],
  ['Method(`get`)', '3.1', true],
  ['Method(`POST`)', '3.1', false],
  ['Host(`drone.example.org`) && PathPrefix(`/api`)', '3.1', true],
  ['Host(`drone.example.org`) && !PathPrefix(`/api`)', '3.1', false],
  ['Host(`drone.example.org`) && (Path(`/x`) || !Path(`/y`))', '3.1', true],
  ['Host(`ci.example.org`) || Path(`/api/user`) && Method(`GET`)', '3.1', true],
  ['Path(`/api/user`) || Host(`ci.example.org`) && Method(`POST`)', '3.1', true],
  ['Headers(`X-A`, `b`)', '2.11', undefined],
  ['!Header(`X-A`, `b`)', '3.1', undefined],
  ['Host(`drone.example.org`) && ClientIP(`10.0.0.0/8`)', '3.1', undefined],
  ['Host(`ci.example.org`) && ClientIP(`10.0.0.0/8`)', '3.1', false],
  ['Host(`drone.example.org`) || ClientIP(`10.0.0.0/8`)', '3.1', true],
  ['Host(`ci.example.org`) || ClientIP(`10.0.0.0/8`)', '3.1', undefined],
  ['Host(`drone.example.org`', '3.1', undefined],
  ['(Host(`drone.example.org`)', '3.1', undefined],
  ['Host(`drone.example.org`) Host(`drone.example.org`)', '3.1', undefined],
  ['Host', '3.1', undefined],
  ['', '3.1', undefined],
])('%s of Traefik %s: %s', (rule, version, matches) => {
  expect(matchesRule(rule, asked, version)).toBe(matches)
})

test.each([
  ['HostRegexp(`^(([a-z0-9]+-?)+\\.)+example\\.org$`)', '3.1'],
  ['HostRegexp(`^(?:a|a)*$`)', '3.1'],
  ['HostRegexp(`^.*.*.*.*.*.*!$`)', '3.1'],
  ['HostRegexp(`{name:(a+)+}!`)', '2.11'],
])('%s, over which we could sit for ever where Go does not, is not tried', (rule, version) => {
  expect(matchesRule(rule, { ...asked, host: `${'a'.repeat(22)}.example.net` }, version)).toBe(undefined)
})
