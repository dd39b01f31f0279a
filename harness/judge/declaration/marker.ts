/**
 * Stands in a text for what is known only when it runs: a variable by its name, or `?` for anything else. Made of
 * control characters, so that no text of a host can be taken for one by accident.
 */
export function variable(name: string): string {
  return `\u0001${name}\u0002`
}

export const unresolved = variable('?')

const pattern = new RegExp(`${String.fromCharCode(1)}([^${String.fromCharCode(2)}]*)${String.fromCharCode(2)}`, 'g')

/** Puts values in for the variables that have one; what has none stays unresolved. */
export function resolve(text: string, lookUp: (name: string) => string | undefined, depth = 5): string {
  return text.replace(pattern, (_, name: string) => {
    const value = depth === 0 ? undefined : lookUp(name)
    return value === undefined ? unresolved : resolve(value, lookUp, depth - 1)
  })
}

export function isResolved(text: string): boolean {
  return !text.includes(String.fromCharCode(1))
}
