import { expect, test } from 'vitest'
import { faultOf } from './probe.ts'

const route = { host: 'a.test', path: '/', service: 'a_app', status: 200, contains: 'marker', standIn: 'a' }

test('a route is at fault with another status, body or place', () => {
  expect(faultOf(route, { status: 200, headers: {}, body: 'the marker' })).toBeUndefined()
  expect(faultOf(route, { status: 502, headers: {}, body: 'marker' })).toBe('https://a.test/: 502 instead of 200')
  expect(faultOf(route, { status: 200, headers: {}, body: 'else' })).toBe('https://a.test/: no "marker" in it')
  const moved = { ...route, contains: '', status: 303, location: '/welcome' }
  expect(faultOf(moved, { status: 303, headers: { location: '/x' }, body: '' })).toBe('https://a.test/: leads to /x')
})
