import type { Question } from '../question.ts'
import { buildsQuestion } from './builds.ts'
import { jobsQuestion } from './jobs.ts'
import { locksQuestion } from './locks.ts'
import { socketsQuestion } from './sockets.ts'
import { swarmQuestion } from './swarm.ts'
import { sweeperQuestion } from './sweeper.ts'

/** What is asked right before anything is created. */
export const quietQuestions: readonly Question[] = [
  jobsQuestion,
  locksQuestion,
  buildsQuestion,
  swarmQuestion,
  socketsQuestion,
  sweeperQuestion,
]
