import { expect, test } from 'vitest'
import { plain } from './text.ts'

test('an escape sequence is shown, not sent', () => {
  expect(plain('\u001b[31mred\u001b[0m')).toBe('‹U+001B›[31mred‹U+001B›[0m')
})

test.each([
  ['a bell', 'a\u0007b', 'a‹U+0007›b'],
  ['a null', 'a\u0000b', 'a‹U+0000›b'],
  ['a backspace', 'a\bb', 'a‹U+0008›b'],
  ['a C1 control', 'a\u009b31mb', 'a‹U+009B›31mb'],
  ['a direction override', 'a\u202eb', 'a‹U+202E›b'],
  ['a direction isolate', 'a\u2066b', 'a‹U+2066›b'],
  ['a zero-width space', 'a\u200bb', 'a‹U+200B›b'],
  ['a zero-width joiner', 'a\u200db', 'a‹U+200D›b'],
  ['a soft hyphen', 'a\u00adb', 'a‹U+00AD›b'],
  ['a tag character', 'a\u{e0041}b', 'a‹U+E0041›b'],
  ['a byte order mark within a text', 'a\ufeffb', 'a b'],
  ['half a surrogate pair', 'a\ud800b', 'a‹U+D800›b'],
  ['a Hangul filler', 'a\u3164b', 'a‹U+3164›b'],
])('%s is shown', (_, text, shown) => {
  expect(plain(text)).toBe(shown)
})

test.each(['a\nb', 'a\r\nb', 'a\tb', 'a\u2028b', 'a\u2029b', 'a\u0085b', ' a \n\n b '])(
  '%j becomes one line',
  (text) => {
    expect(plain(text)).toBe('a b')
  },
)

test('letters of any language stay as they are', () => {
  expect(plain('Größe 東京 naïve 🙂')).toBe('Größe 東京 naïve 🙂')
})

test('a long text ends in an ellipsis, and no character is cut in half', () => {
  expect(plain('🙂'.repeat(10), 4)).toBe('🙂🙂🙂…')
  expect(plain('abcd', 4)).toBe('abcd')
  expect(plain('abcde', 4)).toBe('abc…')
})

test('a text far beyond the bound says that it was cut', () => {
  expect(plain(' '.repeat(100) + 'x'.repeat(9), 10)).toBe('…')
  expect(plain('x'.repeat(10_000_000), 10)).toBe('xxxxxxxxx…')
})
