const most = 20_000

/**
 * The same function, which knows what it was asked before. Names come from the host in great numbers and little variety;
 * a stream of ever new ones does not fill the memory, though.
 */
export function remember<Result>(answer: (name: string) => Result): (name: string) => Result {
  const known = new Map<string, { readonly result: Result }>()
  return (name) => {
    const before = known.get(name)
    if (before !== undefined) return before.result
    if (known.size > most) known.clear()
    const result = answer(name)
    known.set(name, { result })
    return result
  }
}
