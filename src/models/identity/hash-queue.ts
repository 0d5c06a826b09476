/** After each hash the thread rests for this part of the time that the hash took, so that what came meanwhile is let in. */
const REST = { part: 0.3, leastMs: 40 }
/** While pages are being answered it rests on, but no longer than this: where pages never end, hashes still have half of the time. */
const MOST_REST = { part: 1, leastMs: 250 }
/** Between two looks at whether the pages are answered. */
const LOOK_MS = 5
/** The last of them waits some fifteen seconds; anyone after that is told to try again. */
export const MOST_WAITING = 64
/** A client that gives up ends its request silently: a ticket or a page that is overdue by this much is taken for gone. */
const GONE_MS = 1000

/** The line is full; `retryAfterS` is about how long it takes to empty. */
export class HashQueueFull extends Error {
  override name = 'HashQueueFull'
  readonly retryAfterS = 20
}

/**
 * A hash keeps the isolate's one thread for a fifth of a second, and with it everybody. So they are made one at a time, in the order in which they
 * were asked for, and the thread is everybody else's for a while after each.
 */
export class HashQueue {
  /** Who waits, the first one first, and by when each is to be heard of again. */
  readonly #waiting = new Map<symbol, number>()
  /** The pages that are being answered, and since when. */
  readonly #pages = new Map<symbol, number>()
  #beganAt = 0
  #workedAt = Number.NEGATIVE_INFINITY
  /** A Worker's clock stands still while it works: whoever looks at it next says when that was over. */
  #hasWorked = false

  /** @throws HashQueueFull */
  async inTurn<Result>(work: () => Result): Promise<Result> {
    this.expectRoom()
    const ticket = Symbol('hash')
    for (let wait = this.#waitOf(ticket); wait > 0; wait = this.#waitOf(ticket)) await scheduler.wait(wait)
    this.#beganAt = performance.now()
    try {
      return work()
    } finally {
      this.#waiting.delete(ticket)
      this.#hasWorked = true
      await scheduler.wait(0)
      this.#look()
    }
  }

  /** Before anything is written for somebody who would then be turned away. @throws HashQueueFull */
  expectRoom() {
    this.#look()
    if (this.#waiting.size >= MOST_WAITING) throw new HashQueueFull()
  }

  /** Runs a page that is to be answered before the next hash. */
  async before<Result>(page: () => Promise<Result>): Promise<Result> {
    const ticket = Symbol('page')
    this.#pages.set(ticket, performance.now())
    try {
      return await page()
    } finally {
      this.#pages.delete(ticket)
    }
  }

  /** How long to wait, in ms, as far as is known now; it is asked again after that. */
  #waitOf(ticket: symbol) {
    const now = this.#look()
    this.#waiting.set(ticket, now)
    const ahead = [...this.#waiting.keys()].indexOf(ticket)
    const wait = Math.max(this.#restAt(now), ahead * REST.leastMs)
    this.#waiting.set(ticket, now + wait + this.#goneMs)
    return wait
  }

  #restAt(now: number) {
    const [rest, rested] = [this.#after(REST), now - this.#workedAt]
    if (rested < rest) return rest - rested
    return this.#pages.size > 0 && rested < this.#after(MOST_REST) ? LOOK_MS : 0
  }

  /** However fast the machine is. */
  #after({ part, leastMs }: typeof REST) {
    return Math.max(leastMs, part * this.#tookMs)
  }

  get #tookMs() {
    return Math.max(0, this.#workedAt - this.#beganAt)
  }

  /** No timer fires while a hash has the thread. */
  get #goneMs() {
    return GONE_MS + 2 * this.#tookMs
  }

  #look() {
    const now = performance.now()
    if (this.#hasWorked) this.#workedAt = now
    this.#hasWorked = false
    for (const [ticket, until] of this.#waiting) if (until < now) this.#waiting.delete(ticket)
    for (const [ticket, since] of this.#pages) if (since < now - this.#goneMs) this.#pages.delete(ticket)
    return now
  }
}

/** One for each isolate, as the thread is. */
export const hashQueue = new HashQueue()
