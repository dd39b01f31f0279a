/** Like Promise.all, but waits for every one before it throws the first failure: clean-up must not start while a sibling still creates. */
export async function settleAll<T extends readonly unknown[]>(
  tasks: readonly [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<T> {
  await Promise.allSettled(tasks)
  return (await Promise.all(tasks)) as unknown as T
}
