import fc from 'fast-check'
import { expect, it } from 'vitest'
import { connect } from '../src/db/connect'
import type { Action } from './life/action'
import {
  cancels,
  changes,
  copies,
  fixes,
  invites,
  invitesBack,
  looksIn,
  makes,
  resends,
  setsAgent,
  setsAgents,
  setsEnd,
  setsSection,
  undoes,
} from './life/admins'
import { BOB, CAT, DAY, FOREIGN_AGENT, HOUR, type Life, MINUTE } from './life/life'
import { accepts, declines, forgets, renews, resets } from './life/links'
import { expectSame, learn, look } from './life/look'
import { clockSteps, cronEnds, cronReminds, delivers, tells } from './life/post'
import { ADA, BEN, begin, DOV, type Fault, faulty, NELL, OVE, QUIN, type World } from './life/world'
import { expectOfAnyLife } from './lives'
import { startOver } from './world'

/** One action, which D1 may fail; then the database says what the rules say. */
class Step implements fc.AsyncCommand<Life, World> {
  constructor(
    private readonly action: Action,
    private readonly fault: Fault | null,
  ) {}

  check = () => true

  async run(life: Life, world: World) {
    const { act, effects, otherwise, again } = this.action.plan(life, world)
    const { fault } = this
    const d1 = faulty(fault)
    const fails = fault !== null && fault.trip <= effects.length && !(fault.trip === again && fault.how !== 'undone')
    const answer = await act(connect(d1), d1).catch((error) => {
      if (!fails) throw error
      return TROUBLE
    })
    const happened = fails ? fault.trip - (fault.how === 'after' ? 0 : 1) : effects.length
    const answers = effects.slice(0, happened).map((effect) => effect())
    expect(answer).toBe(fails ? TROUBLE : (answers.at(-1) ?? otherwise))
    const seen = await look(life.sessions, life.now)
    learn(life, seen)
    expectSame(life, seen, world.other)
  }

  toString = () => `[${this.action.words}${this.fault ? `; D1 fails ${this.fault.how} trip ${this.fault.trip}` : ''}]`
}

const TROUBLE = 'D1 failed'

const nat = fc.nat(7)
/** The first few are named people, whatever they are now; all others whoever is an active admin. */
const who = fc.nat(15)
const signIn = fc.constantFrom('last' as const, 'last' as const, 'last' as const, 'first' as const, 'new' as const)
const admin = fc.record({ who, signIn })
const of = <Pool extends string>(...pools: Pool[]) => fc.record({ of: fc.constantFrom(...pools), back: nat })
const pending = of('pending', 'pending', 'seen')
const anybody = of('admins', 'active', 'pending', 'disabled', 'seen')
/** Those who would feel it at once, mostly. */
const inside = of('inside', 'inside', 'active', 'disabled', 'seen')
/** What the page showed; most forms are right about it, and a script says nothing. */
const stale = fc.constantFrom(undefined, 'pending' as const, 'active' as const, 'disabled' as const, 'ended' as const)
const shown = fc.oneof({ weight: 3, arbitrary: fc.constant('now' as const) }, { weight: 1, arbitrary: stale })
const reset = of('open', 'open', 'any')
const whichLink = fc.constantFrom('open' as const, 'returning' as const, 'any' as const)
const link = fc.record({ of: whichLink, back: nat, copy: fc.boolean() })
const mail = of('queued', 'tried', 'any')
const address = fc.constantFrom(NELL, OVE, QUIN, CAT, BEN, BOB, DOV)
const role = fc.constantFrom('user' as const, 'admin' as const)
const mode = fc.constantFrom('all' as const, 'list' as const)
const OURS = ['agent-contract-reader', 'agent-release-notes', 'agent-support-triage']
const agents = fc.subarray([...OURS, FOREIGN_AGENT], { maxLength: 3 })
const asKept = fc.constant('as_kept' as const)
const agent = fc.constantFrom(...OURS, FOREIGN_AGENT)
const section = fc.constantFrom('traces' as const, 'eval' as const)
const cell = fc.constantFrom('on' as const, 'off' as const, 'default' as const)
const onOff = fc.constantFrom('on' as const, 'off' as const)
const draft = fc.record({ key: address, role, mode, agents, sections: fc.dictionary(section, onOff, { maxKeys: 2 }) })
const how = fc.constantFrom(
  'as they can' as const,
  'as they can' as const,
  'as they can' as const,
  'with a password' as const,
  'with their account' as const,
  'over their account' as const,
  "with Bob's account" as const,
)
const news = fc.constantFrom(
  'delivered' as const,
  'deferred' as const,
  'bounced' as const,
  'complained' as const,
  'complained' as const,
)
/** From then on; null clears it. */
const endsIn = fc.constantFrom(null, 5 * MINUTE, 5 * MINUTE, HOUR, DAY, 3 * DAY, 20 * DAY)
/** Mostly so short that people are still signed in. */
const step = fc.constantFrom(1000, MINUTE, MINUTE, 10 * MINUTE, 10 * MINUTE, HOUR, DAY, 3 * DAY)

const ACTIONS: fc.Arbitrary<Action>[] = [
  fc.tuple(admin, draft).map((args) => invites(...args)),
  fc.tuple(admin, nat, draft).map((args) => invitesBack(...args)),
  fc.tuple(admin, pending).map((args) => resends(...args)),
  fc.tuple(admin, pending, address).map((args) => fixes(...args)),
  fc.tuple(admin, pending).map((args) => cancels(...args)),
  fc.tuple(admin, inside, shown).map((args) => changes(...args, 'disable')),
  fc.tuple(admin, of('disabled', 'seen'), shown).map((args) => changes(...args, 'enable')),
  fc.tuple(admin, inside, shown).map((args) => changes(...args, 'delete')),
  fc.tuple(admin, inside, shown).map((args) => changes(...args, 'sign out of here')),
  fc.tuple(admin, anybody, shown, role).map((args) => makes(...args)),
  fc.tuple(admin, of('active', 'pending', 'ended', 'seen'), shown, endsIn).map((args) => setsEnd(...args)),
  fc.tuple(admin, of('ended', 'ended', 'seen'), shown, endsIn).map((args) => setsEnd(...args)),
  fc.tuple(admin, anybody, section, cell).map((args) => setsSection(...args)),
  fc.tuple(admin, anybody, mode, fc.oneof(agents, asKept)).map((args) => setsAgents(...args)),
  fc.tuple(admin, anybody, agent, onOff).map((args) => setsAgent(...args)),
  fc.tuple(admin, nat).map((args) => undoes(...args)),
  fc.tuple(address, signIn).map((args) => looksIn(...args)),
  fc.tuple(link, how).map((args) => accepts(...args)),
  fc.tuple(link, how).map((args) => accepts(...args)),
  fc.tuple(link, fc.boolean()).map((args) => declines(...args)),
  link.map(renews),
  fc.tuple(admin, pending).map((args) => copies(...args)),
  fc.tuple(admin, pending).map((args) => copies(...args)),
  fc.tuple(fc.constantFrom(NELL, QUIN, CAT, BOB, ADA), fc.ipV4()).map((args) => forgets(...args)),
  fc.ipV4().map((ip) => forgets('waiting', ip)),
  fc.tuple(reset, fc.constantFrom('newB', 'newC')).map((args) => resets(...args)),
  fc.tuple(mail, fc.constantFrom('sent' as const, 'sent' as const, 'refused' as const)).map((args) => delivers(...args)),
  fc.tuple(mail, fc.constantFrom('sent' as const, 'sent' as const, 'refused' as const)).map((args) => delivers(...args)),
  fc.tuple(mail, news).map((args) => tells(...args)),
  step.map(clockSteps),
  step.map(clockSteps),
  fc.constant(cronReminds()),
  fc.constant(cronEnds()),
]

const fault = fc.record({
  trip: fc.constantFrom(1, 1, 2),
  how: fc.constantFrom('before' as const, 'undone' as const, 'after' as const),
})
const maybeFault = fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fault })
const steps = ACTIONS.map((action) => fc.tuple(action, maybeFault).map((args) => new Step(...args)))

const PATIENCE_MS = 12_000

it('of an invitation holds, whatever happens in whatever order, what the rules say', { timeout: 3_600_000 }, async () => {
  const anyLife = fc.commands(steps, { maxCommands: 60, size: 'max' })
  const holds = async (commands: Iterable<fc.AsyncCommand<Life, World>>) => {
    await startOver()
    const { life, world } = await begin()
    await fc.asyncModelRun(() => ({ model: life, real: world }), commands)
  }
  await expectOfAnyLife(anyLife, holds, PATIENCE_MS)
})
