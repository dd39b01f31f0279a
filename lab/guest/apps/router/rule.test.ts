import { describe, expect, test } from 'vitest'
import { parseRule, toExpression } from './rule.mjs'

const expression = (rule: string, major: 2 | 3 = 3) => toExpression(parseRule(rule, major))

describe('a rule', () => {
  test('matches a host', () => {
    expect(expression('Host(`a.test`)')).toBe('(host("a.test"))')
  })

  test('joins several hosts', () => {
    expect(expression('Host(`a.test`) || Host("b.test")')).toBe('((host("a.test")) || (host("b.test")))')
  })

  test('binds && tighter than ||, and parentheses tighter than both', () => {
    const [a, b, c] = ['(host("a"))', '(host("b"))', '({http.request.uri.path} == "/c")']
    expect(expression('Host(`a`) || Host(`b`) && Path(`/c`)')).toBe(`(${a} || (${b} && ${c}))`)
    expect(expression('(Host(`a`) || Host(`b`)) && Path(`/c`)')).toBe(`((${a} || ${b}) && ${c})`)
  })

  test('is negated by !', () => {
    expect(expression('!PathPrefix(`/api`)')).toBe('!(({http.request.uri.path}.startsWith("/api")))')
  })

  test('writes a matcher in any case', () => {
    expect(expression('HOST(`a`) && pathprefix(`/x`)')).toBe(expression('Host(`a`) && PathPrefix(`/x`)'))
  })

  test('takes several values in one matcher only in Traefik 2', () => {
    expect(expression('Host(`a`, `b`)', 2)).toBe('(host("a") || host("b"))')
    expect(() => parseRule('Host(`a`, `b`)', 3)).toThrow('unexpected number of parameters; got 2, expected one of [1]')
  })

  test('keeps quotes and backslashes inside its values', () => {
    expect(expression('Path(`/a"\\b`)')).toBe('({http.request.uri.path} == "/a\\"\\\\b")')
  })

  test.each(['', 'Host(`a`', 'Host(`a`) &&', 'Host(a)', 'Host(`a`) Host(`b`)', '(Host(`a`)', 'Host()', '`a`'])(
    'refuses %j',
    (rule) => {
      expect(() => parseRule(rule, 3)).toThrow(/^error while parsing rule/)
    },
  )

  test('names a matcher it does not know', () => {
    expect(() => parseRule('ClientIP(`10.0.0.0/8`)', 3)).toThrow('unsupported function: ClientIP')
  })
})
