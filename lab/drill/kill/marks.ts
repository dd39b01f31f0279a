/** By what a drill knows what `pvcheck` has made: written down once more, so that a slip there is seen here. */
export const markLabels = { run: 'pvcheck.run' } as const
export const lockName = 'pvcheck-lock'
export const ownName = /^pvc-\d{8}t\d{6}z-[0-9a-f]{4}-/
