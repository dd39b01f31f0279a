import MarkdownIt from 'markdown-it'
import { expect, test } from 'vitest'
import { plain } from '../../core/text.ts'
import { bullets, code, prose, table } from './markdown.ts'

// As permissive as any reader of ours: raw HTML is taken, whatever looks like an address becomes a link.
const parser = new MarkdownIt({ html: true, linkify: true, typographer: false })

/** Kinds of inline tokens, and the text they show. */
function inlines(markdown: string) {
  const children = parser.parse(markdown, {}).flatMap((token) => token.children ?? [])
  const kinds = new Set(children.map(({ type }) => type))
  return { kinds, text: children.map(({ content }) => content).join('') }
}

const bare = (text: string) => text.replace(/[\s`]/g, '')

const hostile = [
  '`',
  '``',
  '```',
  '````',
  '~~~',
  '|',
  '||',
  '\\',
  '\\|',
  '\\`',
  '*',
  '**',
  '_',
  '__',
  '~~',
  '[a](http://evil.test)',
  '![i](http://evil.test/x.png)',
  '<http://evil.test>',
  'http://evil.test/',
  'https://evil.test',
  'www.evil.test',
  'evil.test',
  'me@evil.test',
  '@mention',
  '#12',
  '# heading',
  '## x',
  '> quote',
  '- item',
  '1. item',
  '---',
  '===',
  '<script>alert(1)</script>',
  '<b>',
  '</td>',
  '<!--',
  '-->',
  '&lt;',
  '&#124;',
  '&amp;',
  ':smile:',
  '[^1]',
  '[x]: y',
  '$x$',
  '\n',
  '\n\n',
  '\r\n',
  '\t',
  '\u0000',
  '\u001b[31m',
  '\u202e',
  '\u200b',
  ' ',
  ' ',
  ' ',
  'word',
  'words',
  '(',
  ')',
  '"',
  "'",
  '!',
  '!',
  ',',
  '.',
  ':',
  'drone_app',
  '10.10.0.0/16',
  '‹',
  'Größe',
  '🙂',
  '<details>',
  '```js',
  '`a`',
  '`b c`',
]

function generator(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
const random = generator(20_261_120)
const hostileTexts = Array.from({ length: 3000 }, () =>
  Array.from({ length: 1 + random(8) }, () => hostile[random(hostile.length)]).join(random(2) === 0 ? '' : ' '),
)

test('whatever a host says is nothing but text, in a list and in a heading, and all of it is shown', () => {
  for (const text of hostileTexts) {
    for (const markdown of [bullets([`**Seen:** ${prose(text)}`]), `### x: ${prose(text)}`, `x ${code(text)} y`]) {
      const { kinds, text: shown } = inlines(markdown)
      for (const kind of ['text', 'code_inline', 'strong_open', 'strong_close', 'text_special']) kinds.delete(kind)
      expect([...kinds], markdown).toEqual([])
      const wanted = bare(plain(text))
      expect(bare(shown), markdown).toContain(wanted)
      const blocks = parser
        .parse(markdown, {})
        .filter(({ type }) => /^(fence|html|hr|code|block|table|ordered)/.test(type))
      expect(blocks, markdown).toEqual([])
    }
  }
})

test('whatever a host says stays within its cell', () => {
  for (let at = 0; at + 4 <= hostileTexts.length; at += 4) {
    const texts = hostileTexts.slice(at, at + 4)
    const [a = '', b = '', c = '', d = ''] = texts
    const markdown = table(
      ['One', 'Two'],
      [
        [prose(a), code(b)],
        [code(c), prose(d)],
      ],
    )
    const tokens = parser.parse(markdown, {})
    const cells = tokens.filter((_, index) => tokens[index - 1]?.type === 'td_open')
    expect(tokens[0]?.type, markdown).toBe('table_open')
    expect(tokens.at(-1)?.type, markdown).toBe('table_close')
    expect(tokens.filter(({ type }) => type === 'tr_open')).toHaveLength(3)
    expect(
      cells.map(({ children }) => bare((children ?? []).map(({ content }) => content).join(''))),
      markdown,
    ).toEqual(texts.map((text) => (plain(text) === '' ? '(empty)' : bare(plain(text)))))
    const kinds = new Set(cells.flatMap(({ children }) => (children ?? []).map(({ type }) => type)))
    for (const kind of ['text', 'code_inline', 'text_special']) kinds.delete(kind)
    expect([...kinds], markdown).toEqual([])
  }
})

test.each([
  ['plain words stay words', '0 of 1 tasks running, since 12 min.'],
  ['versions and addresses are figures', 'engine 20.10.24 at 10.0.0.1'],
])('%s', (_, text) => {
  expect(prose(text)).toBe(text)
})

test.each([
  ['a name with an underscore is code', 'service drone_app, 1 task', 'service `drone_app`, 1 task'],
  ['a subnet is code', 'on (10.10.0.0/16).', 'on (`10.10.0.0/16`).'],
  ['backticks of our own are kept', 'run `docker info` now', 'run `docker info` now'],
  ['neighbours share a span', 'GET /v1.41/services a_b', 'GET `/v1.41/services a_b`'],
  ['an id is code', 'network x1p8q2k7y3v9w0c5b6n4', 'network `x1p8q2k7y3v9w0c5b6n4`'],
  ['an error code stays a word', 'REACH_SSH_REFUSED', 'REACH_SSH_REFUSED'],
  ['a pipe stands between spans', 'a|b', '`a`&#124;`b`'],
  ['nothing is said to be nothing', ' \n ', '(empty)'],
])('%s', (_, text, markdown) => {
  expect(prose(text)).toBe(markdown)
})

test('columns are as wide as their widest cell', () => {
  expect(
    table(
      ['A', 'Name'],
      [
        ['1', 'x'],
        ['22', 'longer'],
      ],
    ),
  ).toBe(['| A   | Name   |', '|-----|--------|', '| 1   | x      |', '| 22  | longer |'].join('\n'))
})
