/** All results, as of `Promise.all`; a failure is thrown only when nothing is under way any more. */
export async function together<const W extends readonly Promise<unknown>[] | []>(work: W) {
  await Promise.allSettled(work)
  return Promise.all(work)
}
