// `shadowgate drill`: a game day. Spoils the candidate's answers, and says whether the canary would roll back, how soon, and who met it.

import { runLive, stopLive } from './canary/drill/live-drill.ts'
import { countIn, oneOrderOf, ordersOf } from './canary/drill/order.ts'
import { runRehearsal } from './canary/drill/rehearsal.ts'
import { drillText } from './canary/drill/report.ts'
import type { Command } from './command.ts'
import { openSession } from './session/session.ts'

export const drill = {
  statuses: '0 each fault that a blocking rule or a guard is about was caught   1 one was not, or a false alarm',
  examples: [
    'shadowgate drill',
    'shadowgate drill --faults slow-2,refusal --shares 1,0.1',
    'shadowgate drill --live --faults error-500 --shares 0.2 --minutes 5 --because "game day"',
    'shadowgate drill --stop',
  ],
  settings: ['canary'],
  flags: [
    { flag: '--faults <names>', description: 'Which faults, with commas between them; all of them without it' },
    { flag: '--shares <shares>', description: 'In which shares of the answers; 1,0.2 without it' },
    { flag: '--requests <n>', description: 'Requests of the candidate after which a fault counts as not caught; 1500' },
    { flag: '--seed <n>', description: 'Of the users and their questions; 1' },
    { flag: '--keep <folder>', description: 'Keep the journal, the log and the last status of each drill there' },
    {
      flag: '--live',
      description:
        'Spoil answers of real users: one fault, by the router that runs here, if canary.drill.allowed is true',
    },
    { flag: '--minutes <n>', description: 'With --live: so long at most; 5' },
    { flag: '--because <reason>', description: 'With --live: goes into the journal' },
    { flag: '--stop', description: 'End the live drill that is under way' },
  ],
  run: async (world, invocation) => {
    const { own } = invocation
    const textOf = (name: string) => (typeof own[name] === 'string' ? own[name] : undefined)
    const words = { faults: textOf('faults'), shares: textOf('shares') }
    const session = openSession(world, invocation, { sends: false })
    const rehearsal = () =>
      runRehearsal(session, {
        orders: ordersOf(words),
        seed: countIn(own['seed'], { flag: '--seed', usual: 1 }),
        maxRequests: countIn(own['requests'], { flag: '--requests', usual: 1500 }),
        keep: textOf('keep') ?? null,
      })
    const live = () =>
      runLive(session, oneOrderOf(words), {
        minutes: countIn(own['minutes'], { flag: '--minutes', usual: 5 }),
        because: textOf('because') ?? 'no reason was given',
      })
    const report = await (own['stop'] === true ? stopLive(session) : own['live'] === true ? live() : rehearsal())
    world.stdout(invocation.isJson ? JSON.stringify(report) : drillText(report))
    return report.isPassed ? 0 : 1
  },
} satisfies Command
