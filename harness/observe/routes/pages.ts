import { type Board, board, reportPage } from '../../model/facts/routing/ci.ts'
import type { Question } from '../question.ts'
import { readBuilds } from './builds.ts'
import { configured } from './configured.ts'

export const pageQuestions: readonly Question[] = [
  {
    fact: board,
    ask: async (asker) => {
      const { url, credentials } = configured(asker.wanted.dashboard, 'dashboard')
      const before = await readBuilds(asker)
      const page = await asker.http({ url, credentials })
      return { before, page, after: await readBuilds(asker) } satisfies Board
    },
  },
  {
    fact: reportPage,
    ask: async (asker) => {
      const { url, credentials } = configured(asker.wanted.reportSite, 'reportSite')
      return asker.http({ url, credentials })
    },
  },
]
