import { expect, test } from 'vitest'
import { decodeLine } from './decode-line.ts'

const bytes = (text: string): string => JSON.stringify([...Buffer.from(text)])

test('text stays text, and what is always there is dropped', () => {
  const line = '{"MESSAGE":"Starting up","__CURSOR":"s=1","__MONOTONIC_TIMESTAMP":"9","_BOOT_ID":"b"}'
  expect(decodeLine(line)).toEqual({ MESSAGE: 'Starting up', __CURSOR: 's=1' })
})

test('bytes become text, so that nothing in them is missed', () => {
  const line = `{"MESSAGE":${bytes('\u001b[31mcould not find an available IP é')}}`
  expect(decodeLine(line)).toEqual({ MESSAGE: '\u001b[31mcould not find an available IP é' })
})

test('bytes that are no text become replacement characters, and the rest is kept', () => {
  expect(decodeLine('{"MESSAGE":[97,255,98]}')).toEqual({ MESSAGE: 'a\ufffdb' })
})

test('a field that repeats becomes lines, bytes among them', () => {
  expect(decodeLine(`{"MESSAGE":["one",${bytes('two')}]}`)).toEqual({ MESSAGE: 'one\ntwo' })
})

test('null stays null: journald would not give the value', () => {
  expect(decodeLine('{"MESSAGE":null}')).toEqual({ MESSAGE: null })
})

test.each(['', '[]', '"x"', 'null', '{"MESSAGE":"cut o'])('%s is no line', (line) => {
  expect(() => decodeLine(line)).toThrow(SyntaxError)
})
