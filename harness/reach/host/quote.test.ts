import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { quoteCommand, quoteWord } from './quote.ts'

test('a plain word stays as it is', () => {
  expect(quoteCommand(['docker', 'stack', 'ls', '--format={{.Name}}', 'a/b:c@d'])).toBe(
    "docker stack ls '--format={{.Name}}' a/b:c@d",
  )
})

test('an empty word and a quote survive', () => {
  expect(quoteWord('')).toBe("''")
  expect(quoteWord("it's")).toBe(`'it'\\''s'`)
})

test('a shell reads back every word exactly', () => {
  const words = [
    '',
    ' ',
    "'",
    '"',
    '\\',
    '$HOME',
    '`id`',
    '$(id)',
    'a\nb',
    '\t',
    '*',
    '~',
    '#',
    '!',
    ';&|<>',
    'é€😀',
    '-n',
  ]
  const read = execFileSync('sh', ['-c', `printf '%s\\0' ${quoteCommand(words)}`], { encoding: 'utf8' })
  expect(read.split('\0').slice(0, -1)).toEqual(words)
})
