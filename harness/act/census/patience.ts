/** For how long an allocator that is asked gives nothing before it has nothing: it takes milliseconds, on a busy host. */
export const giveOutMs = 2_000
