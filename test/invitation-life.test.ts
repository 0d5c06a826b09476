import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { connect } from '../src/db/connect'
import type { Action } from './life/action'
import { changes, deletes, fixes, invites, makes, resends, setsAgents, setsSection } from './life/admins'
import { DAY, FOREIGN_AGENT, HOUR, type Life, MINUTE } from './life/life'
import { expectSame, learn, look } from './life/look'
import { accepts, clockSteps, cronReminds, declines, delivers, forgets, renews, tells } from './life/others'
import { ADA, BOB, begin, CAT, DOV, type Fault, faulty, NELL, OVE, QUIN, type World } from './life/world'
import { startOver } from './world'

/** One action, which D1 may fail; then the database says what SPEC says. */
class Step implements fc.AsyncCommand<Life, World> {
  constructor(
    private readonly action: Action,
    private readonly fault: Fault | null,
  ) {}

  check = () => true

  async run(life: Life, world: World) {
    const { act, effects, otherwise } = this.action.plan(life, world)
    const { fault } = this
    const d1 = faulty(fault)
    const fails = fault !== null && fault.trip <= effects.length
    const answer = await act(connect(d1), d1).catch((error) => {
      if (!fails) throw error
      return TROUBLE
    })
    const happened = fails ? fault.trip - (fault.how === 'after' ? 0 : 1) : effects.length
    const answers = effects.slice(0, happened).map((effect) => effect())
    const seen = await look()
    learn(life, seen)
    expectSame(life, seen, world.other)
    expect(answer).toBe(fails ? TROUBLE : (answers.at(-1) ?? otherwise))
  }

  toString = () => `[${this.action.words}${this.fault ? `; D1 fails ${this.fault.how} trip ${this.fault.trip}` : ''}]`
}

const TROUBLE = 'D1 failed'

const nat = fc.nat(7)
/** The first few are named people, whatever they are now; all others whoever is an active admin. */
const admin = fc.nat(15)
const of = <Pool extends string>(...pools: Pool[]) => fc.record({ of: fc.constantFrom(...pools), back: nat })
const pending = of('pending', 'pending', 'seen')
const anybody = of('admins', 'active', 'pending', 'disabled', 'seen')
const link = of('open', 'open', 'any')
const mail = of('queued', 'tried', 'any')
const address = fc.constantFrom(NELL, OVE, QUIN, CAT, BOB, DOV)
const role = fc.constantFrom('user' as const, 'admin' as const)
const mode = fc.constantFrom('all' as const, 'list' as const)
const OURS = ['agent-contract-reader', 'agent-release-notes', 'agent-support-triage']
const agents = fc.subarray([...OURS, FOREIGN_AGENT], { maxLength: 3 })
const section = fc.constantFrom('traces' as const, 'eval' as const)
const onOff = fc.constantFrom('on' as const, 'off' as const)
const draft = fc.record({ key: address, role, mode, agents, sections: fc.dictionary(section, onOff, { maxKeys: 2 }) })
const how = fc.constantFrom('with a password' as const, 'with their account' as const, "with Bob's account" as const)
const news = fc.constantFrom(
  'delivered' as const,
  'deferred' as const,
  'bounced' as const,
  'complained' as const,
  'complained' as const,
)
const step = fc.constantFrom(1000, MINUTE, 10 * MINUTE, HOUR, DAY, 3 * DAY)

const ACTIONS: fc.Arbitrary<Action>[] = [
  fc.tuple(admin, draft).map((args) => invites(...args)),
  fc.tuple(admin, draft).map((args) => invites(...args)),
  fc.tuple(admin, pending).map((args) => resends(...args)),
  fc.tuple(admin, pending, address).map((args) => fixes(...args)),
  fc.tuple(admin, pending).map((args) => changes(...args, 'cancel')),
  fc.tuple(admin, anybody).map((args) => changes(...args, 'disable')),
  fc.tuple(admin, of('disabled', 'seen')).map((args) => changes(...args, 'enable')),
  fc.tuple(admin, anybody).map((args) => deletes(...args)),
  fc.tuple(admin, anybody, role).map((args) => makes(...args)),
  fc
    .tuple(admin, anybody, section, fc.constantFrom('on' as const, 'off' as const, 'default' as const))
    .map((args) => setsSection(...args)),
  fc
    .tuple(admin, anybody, mode, agents)
    .map(([who, whom, which, list]) => setsAgents(who, whom, which, which === 'all' ? [] : list)),
  fc.tuple(link, how).map((args) => accepts(...args)),
  fc.tuple(link, how).map((args) => accepts(...args)),
  fc.tuple(link, fc.boolean()).map((args) => declines(...args)),
  link.map(renews),
  fc.tuple(fc.constantFrom(NELL, QUIN, CAT, BOB, ADA), fc.ipV4()).map((args) => forgets(...args)),
  fc.tuple(mail, fc.constantFrom('sent' as const, 'sent' as const, 'refused' as const)).map((args) => delivers(...args)),
  fc.tuple(mail, fc.constantFrom('sent' as const, 'sent' as const, 'refused' as const)).map((args) => delivers(...args)),
  fc.tuple(mail, news).map((args) => tells(...args)),
  step.map(clockSteps),
  fc.constant(cronReminds()),
]

const fault = fc.record({
  trip: fc.constantFrom(1, 1, 2),
  how: fc.constantFrom('before' as const, 'undone' as const, 'after' as const),
})
const maybeFault = fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fault })
const steps = ACTIONS.map((action) => fc.tuple(action, maybeFault).map((args) => new Step(...args)))

/** Enough for every commit; on a machine that is busy with other things, as many as there is time for. */
const RUNS = 50
const PATIENCE_MS = 20_000

it('of an invitation holds, whatever happens in whatever order, what SPEC says', { timeout: 3_600_000 }, async () => {
  const { runs, seed } = env.TEST_LIFE
  const anyLife = fc.commands(steps, { maxCommands: 60, size: 'max' })
  const holds = fc.asyncProperty(anyLife, async (commands) => {
    await startOver()
    const { life, world } = await begin()
    await fc.asyncModelRun(() => ({ model: life, real: world }), commands)
  })
  const howMany = runs ? { numRuns: runs } : { numRuns: RUNS, interruptAfterTimeLimit: PATIENCE_MS }
  await fc.assert(holds, { ...howMany, ...(seed ? { seed } : {}) })
})
