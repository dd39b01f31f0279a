import { expect, test } from 'vitest'
import { negotiate } from './api-version.ts'

test.each([
  ['Docker 20.10 is asked in its own version', { max: '1.41', min: '1.12' }, { version: '1.41' }],
  ['Docker 26 is asked in its own version', { max: '1.45', min: '1.24' }, { version: '1.45' }],
  [
    'an engine newer than pvcheck is asked in the newest version pvcheck knows',
    { max: '1.60', min: '1.44' },
    { version: '1.52' },
  ],
  [
    'an engine of version 1.9 is too old, though 9 reads higher than 41',
    { max: '1.9', min: '1.9' },
    { problem: 'too old' },
  ],
  ['Docker 19.03 is too old', { max: '1.40', min: '1.12' }, { problem: 'too old' }],
  ['an engine that has dropped all known versions is too new', { max: '1.70', min: '1.60' }, { problem: 'too new' }],
])('%s', (_title, server, expected) => {
  expect(negotiate(server)).toEqual(expected)
})
