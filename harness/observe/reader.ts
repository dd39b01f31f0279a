import { messageOf, PvcheckError } from '../core/errors.ts'
import type { Expectations } from '../model/expectations.ts'
import type { Fact, FactKeeper, Observed } from '../model/fact.ts'
import type { Recorder } from '../model/record.ts'
import type { Target } from '../reach/target.ts'
import type { AskerOptions, NotedAsk } from './asker.ts'
import { createAsker, RefusalError } from './asker.ts'
import { decode } from './decode.ts'
import type { Question } from './question.ts'
import { questions } from './questions.ts'

/** Takes the secrets out of a value of any shape. */
export type Redact = (value: unknown) => unknown

const byFact = new Map<string, Question>(questions.map((question) => [question.fact.name, question]))

/**
 * Asks the target. Each fact is asked once, however many read it, and saved before it is decoded: what is judged is
 * what was saved. Asks that fail are saved as well, with the reason.
 */
export function createFactReader(
  target: Target,
  recorder: Recorder,
  redact: Redact,
  wanted: Expectations,
  options: AskerOptions = {},
): FactKeeper {
  const asked = new Map<string, Promise<Observed<unknown>>>()

  async function ask(fact: Fact<unknown>): Promise<Observed<unknown>> {
    const question = byFact.get(fact.name)
    if (question === undefined) throw unknownFact(fact)
    const asks: NotedAsk[] = []
    const readValue = async <T>(other: Fact<T>): Promise<T> => (await read(other)).value
    const asker = createAsker(target, wanted, asks, readValue, options)
    const save = (answer: { raw?: unknown; error?: string }): Promise<number> =>
      recorder.append({ kind: 'observation', fact: fact.name, asks: redactAsks(asks, redact), ...answer })
    let raw: unknown
    try {
      raw = redact(await question.ask(asker))
    } catch (error) {
      const body = error instanceof RefusalError ? { raw: redact(error.body) } : {}
      await save({ ...body, error: String(redact(messageOf(error))) })
      throw error
    }
    const seq = await save({ raw })
    return { value: decode(fact, raw), seq }
  }

  async function read<T>(fact: Fact<T>): Promise<Observed<T>> {
    const pending = asked.get(fact.name) ?? ask(fact)
    asked.set(fact.name, pending)
    // The schema that decoded the value is this fact's own: facts are known by their name.
    return (await pending) as Observed<T>
  }

  async function keep<T>(fact: Fact<T>, given: unknown): Promise<Observed<T>> {
    const raw = redact(given)
    const kept = recorder
      .append({ kind: 'observation', fact: fact.name, asks: [], raw })
      .then((seq) => ({ value: decode(fact, raw), seq }))
    asked.set(fact.name, kept)
    return await kept
  }

  return { read, keep }
}

function redactAsks(asks: readonly NotedAsk[], redact: Redact): NotedAsk[] {
  return asks.map((ask) => ({ ...ask, what: String(redact(ask.what)) }))
}

function unknownFact(fact: Fact<unknown>): PvcheckError {
  return new PvcheckError({
    code: 'OBSERVE_UNKNOWN_FACT',
    seen: `nobody knows how to ask for ${fact.what} ("${fact.name}")`,
    wanted: 'a fact that is listed in harness/observe/questions.ts',
    remedy: 'This is a fault of pvcheck: report it.',
  })
}
