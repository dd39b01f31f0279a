/** One earlier or present census of one network, as a bundle has it. */
export interface LeakPoint {
  /** ISO 8601: when the last lap ended. */
  readonly at: string
  readonly leaked: number
  /** The leaked addresses where they are known by name. */
  readonly addresses?: readonly string[]
  readonly free: number
  /** By which the life of an allocator is told from the next: the leader, and when its dockerd started. */
  readonly allocator: string
  /** How many stacks were seen to have gone since the point before: the fewest that were removed. */
  readonly removedStacks?: number
}

export type Projection =
  | {
      readonly state: 'known'
      /** Leaked addresses a day, with the range that the points allow. */
      readonly perDay: { readonly likely: number; readonly least: number; readonly most: number }
      /** At most so many, as stacks that came and went between two readings are not among those that were seen to go. */
      readonly perRemovedStack?: { readonly most: number; readonly seen: number }
      /** Until none is free; `undefined` where nothing leaks. */
      readonly daysLeft?: { readonly likely: number; readonly least: number; readonly most?: number }
      /** In words: `4 censuses over 3.2 days, since dockerd started on ...`. */
      readonly basis: string
    }
  | { readonly state: 'unknown'; readonly why: string }
