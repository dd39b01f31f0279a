/** @typedef {ReadonlyMap<number, string>} Seen build number to status */

/**
 * What one poll has to say: a line in any case, and one for each build whose outcome is new.
 * The first poll takes what it finds as known.
 * @param {readonly { number: number, status: string }[]} builds
 * @param {Seen} seen
 * @param {string} repo
 * @param {string} login
 * @returns {{ lines: string[], next: Seen }}
 */
export function describePoll(builds, seen, repo, login) {
  const changed = seen.size === 0 ? [] : builds.filter(({ number, status }) => seen.get(number) !== status)
  const active = builds.filter(({ status }) =>
    ['pending', 'running', 'blocked', 'waiting_on_dependencies'].includes(status),
  )
  return {
    lines: [
      `poll ok: repo=${repo} user=${login} builds=${builds.length} active=${active.length}`,
      ...changed.map(({ number, status }) => `build #${number} is ${status}`),
    ],
    next: new Map(builds.map(({ number, status }) => [number, status])),
  }
}
