/** Like Promise.all, but waits for every one before it throws: clean-up must not start while a sibling still creates. */
export async function settleAll<T extends readonly unknown[] | []>(
  tasks: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(tasks)
  return await Promise.all(tasks)
}
