// Preloaded into each process of a night: its wall clock begins at SOAK_CLOCK_MS, in every thread. What is shifted is what the
// platform tells; the product has no hook. Time that is measured, and files' times, go on as they are.

const beginsMs = Number(process.env['SOAK_CLOCK_MS'])
if (!Number.isFinite(beginsMs)) throw new Error('SOAK_CLOCK_MS is no instant')

const RealDate = Date
// Threads start later than the process: what has passed since then is on the machine's own clock.
const startedMs = RealDate.now() - process.uptime() * 1000
const shiftMs = beginsMs - startedMs

class ShiftedDate extends RealDate {
  constructor(...given: readonly unknown[]) {
    // The constructor has many forms; without an argument it reads the clock.
    super(...((given.length === 0 ? [RealDate.now() + shiftMs] : given) as [number]))
  }

  static override now(): number {
    return RealDate.now() + shiftMs
  }
}

globalThis.Date = ShiftedDate as DateConstructor
const { timeOrigin } = performance
Object.defineProperty(performance, 'timeOrigin', { get: () => timeOrigin + shiftMs })
