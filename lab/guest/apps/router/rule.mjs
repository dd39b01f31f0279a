/** @import { RuleTree } from './types.ts' */

/** Matchers this router knows, by Traefik's name; how many values each takes in Traefik 3. */
const known = ['Host', 'Path', 'PathPrefix', 'Method']

/**
 * A router's rule as a tree: matchers joined by `&&`, `||`, `!` and parentheses.
 * Traefik 2 takes several values in one matcher, Traefik 3 exactly one.
 * @param {string} rule
 * @param {2 | 3} major
 * @returns {RuleTree}
 */
export function parseRule(rule, major) {
  const tokens = tokenize(rule)
  let at = 0

  /** @returns {never} */
  function refuse() {
    throw new Error(`error while parsing rule ${rule}: unexpected ${tokens[at] ?? 'end of rule'}`)
  }

  /** @param {string} token */
  function take(token) {
    if (tokens[at] !== token) refuse()
    at += 1
  }

  /** @returns {RuleTree} */
  function either() {
    let left = both()
    while (tokens[at] === '||') {
      at += 1
      left = { kind: 'or', left, right: both() }
    }
    return left
  }

  /** @returns {RuleTree} */
  function both() {
    let left = single()
    while (tokens[at] === '&&') {
      at += 1
      left = { kind: 'and', left, right: single() }
    }
    return left
  }

  /** @returns {RuleTree} */
  function single() {
    if (tokens[at] === '!') {
      at += 1
      return { kind: 'not', of: single() }
    }
    if (tokens[at] === '(') {
      at += 1
      const inner = either()
      take(')')
      return inner
    }
    return matcher()
  }

  /** @returns {RuleTree} */
  function matcher() {
    const written = tokens[at] ?? refuse()
    if (!/^[A-Za-z]+$/.test(written)) refuse()
    const name = known.find((candidate) => candidate.toLowerCase() === written.toLowerCase())
    if (name === undefined) throw new Error(`error while parsing rule ${rule}: unsupported function: ${written}`)
    at += 1
    take('(')
    const values = [value()]
    while (tokens[at] === ',') {
      at += 1
      values.push(value())
    }
    take(')')
    if (major === 3 && values.length !== 1) {
      throw new Error(
        `error while adding rule ${rule}: unexpected number of parameters; got ${values.length}, expected one of [1]`,
      )
    }
    return { kind: 'match', name, values }
  }

  function value() {
    const token = tokens[at] ?? refuse()
    if (!/^[`"]/.test(token)) refuse()
    at += 1
    return token.slice(1, -1)
  }

  const tree = either()
  if (at !== tokens.length) refuse()
  return tree
}

/** @param {string} rule */
function tokenize(rule) {
  const pattern = /\s*(&&|\|\||[!(),]|`[^`]*`|"[^"]*"|[A-Za-z]+|\S)/gy
  return [...rule.trimEnd().matchAll(pattern)].map((match) => match[1] ?? '')
}

/**
 * The same rule for Caddy's `expression` matcher.
 * @param {RuleTree} tree
 * @returns {string}
 */
export function toExpression(tree) {
  if (tree.kind === 'not') return `!(${toExpression(tree.of)})`
  if (tree.kind === 'match') return `(${tree.values.map((value) => matcherExpression(tree.name, value)).join(' || ')})`
  const operator = tree.kind === 'and' ? '&&' : '||'
  return `(${toExpression(tree.left)} ${operator} ${toExpression(tree.right)})`
}

/**
 * @param {string} name
 * @param {string} value
 */
function matcherExpression(name, value) {
  const quoted = JSON.stringify(value)
  if (name === 'Host') return `host(${quoted})`
  if (name === 'Method') return `method(${quoted})`
  // Caddy's own path matcher ignores case, Traefik's does not.
  if (name === 'Path') return `{http.request.uri.path} == ${quoted}`
  return `{http.request.uri.path}.startsWith(${quoted})`
}
