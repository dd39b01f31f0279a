/** What somebody does, one step at a time: each step waits for its turn. */
export interface Actor {
  readonly name: string
  /** `step` is called before each step, and resolves when it is its turn. */
  readonly play: (step: () => Promise<void>) => Promise<void>
}

/**
 * Plays a scene again and again, until every order in which its actors can take their turns has been played. `begin`
 * sets a scene and names its actors, `check` is called at the end of each with the order. Returns how many there were.
 */
export async function everyOrder(
  begin: () => { readonly actors: readonly Actor[]; readonly check: (order: string) => void | Promise<void> },
): Promise<number> {
  let choices: { chosen: number; of: number }[] = []
  for (let played = 1; ; played += 1) {
    const { actors, check } = begin()
    const order = await playScene(actors, choices)
    await check(order)
    while (choices.length > 0 && choices.at(-1)?.chosen === (choices.at(-1)?.of ?? 0) - 1) choices.pop()
    const last = choices.at(-1)
    if (last === undefined) return played
    choices = [...choices.slice(0, -1), { chosen: last.chosen + 1, of: last.of }]
  }
}

interface Player {
  readonly name: string
  /** Resolves when it waits for its turn (with what gives it to it), or has ended (with nothing). */
  wants: Promise<(() => void) | undefined>
}

async function playScene(actors: readonly Actor[], choices: { chosen: number; of: number }[]): Promise<string> {
  const players = actors.map(seat)
  let order = ''
  for (let turn = 0; ; turn += 1) {
    const waiting: { name: string; go: () => void }[] = []
    for (const { name, wants } of players) {
      const go = await wants
      if (go !== undefined) waiting.push({ name, go })
    }
    if (waiting.length === 0) return order
    if (choices.length === turn) choices.push({ chosen: 0, of: waiting.length })
    const next = waiting[choices[turn]?.chosen ?? 0]
    order += next?.name
    next?.go()
  }
}

function seat({ name, play }: Actor): Player {
  let tell: (go: (() => void) | undefined) => void = () => undefined
  const player: Player = { name, wants: Promise.resolve(undefined) }
  const renew = (): void => {
    player.wants = new Promise((resolve) => {
      tell = resolve
    })
  }
  renew()
  const step = (): Promise<void> =>
    new Promise((resolve) => {
      tell(() => {
        renew()
        resolve()
      })
    })
  play(step).then(
    () => tell(undefined),
    () => tell(undefined),
  )
  return player
}
