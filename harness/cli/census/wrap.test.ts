import { expect, test } from 'vitest'
import { wrapped } from './wrap.ts'

test('breaks between words, and keeps what follows below the text', () => {
  expect(wrapped('    one two three four', 14)).toEqual(['    one two', '    three', '    four'])
  expect(wrapped('one two three', 9)).toEqual(['one two', '  three'])
})

test('a word that is too long stands alone, and nothing is lost', () => {
  const line = `a ${'x'.repeat(30)} b`
  expect(wrapped(line, 10).join(' ').replace(/ +/g, ' ')).toBe(line)
})

test('in a pipe nothing is broken', () => {
  expect(wrapped('one two three', undefined)).toEqual(['one two three'])
})
