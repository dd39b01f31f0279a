/** API versions whose answers pvcheck knows: from Docker 20.10 to Docker 29. */
export const knownApi = { min: '1.41', max: '1.52' } as const

export type Negotiated = { readonly version: string } | { readonly problem: 'too old' | 'too new' }

/** The newest version that both sides speak. `server.min` is what the engine still accepts at all. */
export function negotiate(
  server: { max: string; min: string },
  known: { max: string; min: string } = knownApi,
): Negotiated {
  if (compare(server.max, known.min) < 0) return { problem: 'too old' }
  if (compare(server.min, known.max) > 0) return { problem: 'too new' }
  return { version: compare(server.max, known.max) < 0 ? server.max : known.max }
}

/** As numbers, part by part: 1.9 comes before 1.41. */
function compare(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number)
  const [majorB = 0, minorB = 0] = b.split('.').map(Number)
  return majorA - majorB || minorA - minorB
}
