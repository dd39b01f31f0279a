import { expect, test } from 'vitest'
import { timingLine } from './timing-line.ts'

const answer = { method: 'GET', url: 'https://ci.example.org/', startedAt: '2026-11-20T14:00:00.000Z', durationMs: 12 }

test.each([
  ['https://ci.example.org/', '192.0.2.1:443', ' from 192.0.2.1:443'],
  ['http://ci.example.org/', '[::1]:80', ' from [::1]:80'],
  ['https://ci.example.org:8443/', '192.0.2.1:8443', ' from 192.0.2.1:8443'],
  ['https://ci.example.org/', '192.0.2.7:1080', ' from behind the SOCKS proxy 192.0.2.7:1080'],
])('%s by way of %s came%s', (url, peer, from) => {
  expect(timingLine([{ ...answer, url, peer, status: 200, timings: {} }])).toBe(`200${from} in 12 ms`)
})
