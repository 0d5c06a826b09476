import type { Paging } from '../../src/models/core/paging'
import type { JoinLink } from '../../src/models/join-links/join-link'
import type { Joined } from '../../src/models/join-links/joined'
import { type WorkspacePaths, withQuery } from '../../src/paths'
import { BackLink } from '../components/back-link'
import { Badge } from '../components/badge'
import { Confirm, ConfirmTrigger } from '../components/confirm'
import { CopyField } from '../components/copy-field'
import { PageHead } from '../components/page-head'
import { Pager } from '../components/pager'
import { PersonCell } from '../components/person-cell'
import { QrCode } from '../components/qr-code'
import { shownAddress } from '../components/shown-address'
import { Cell, Table } from '../components/table'
import { DateAndTime, When } from '../components/when'
import { BADGES } from '../members/member-words'
import { accessInWords } from '../words'
import { eitherDomain, LINK_STATES, LINK_TONES } from './join-words'

type Props = {
  to: WorkspacePaths
  now: number
  link: JoinLink
  sections: string[]
  people: Joined[]
  paging: Paging
  /** The link itself, right after it was made. */
  url: string | undefined
}

export const JoinLinkPage = ({ to, now, link, sections, people, paging, url }: Props) => (
  <section id="join-link">
    <BackLink href={to.joinLinks}>Join links</BackLink>
    <PageHead title={link.label ?? 'Join link'}>
      <Actions {...{ to, link }} />
    </PageHead>
    <div class="stack loose">
      {url && <ShownOnce url={url} />}
      <Facts {...{ link, sections, now }} />
      <People {...{ to, now, people }} />
      <Pager id="people" label="Pages" paging={paging} hrefTo={(at) => withQuery(to.joinLink(link.id), at)} target="join-link" />
    </div>
  </section>
)

/** What is kept is a fingerprint: the link cannot be shown again. */
const ShownOnce = ({ url }: { url: string }) => (
  <div class="panel">
    <header>
      <h2>Copy the link now</h2>
      <p>It is shown only once. If you lose it, turn it off and make another one.</p>
    </header>
    <CopyField id="link" label="Link" value={url} />
    <QrCode text={url} label="QR code of the link" />
  </div>
)

const Facts = ({ link, sections, now }: Pick<Props, 'link' | 'sections' | 'now'>) => (
  <dl class="facts panel">
    <dt>Status</dt>
    <dd>
      <Badge tone={LINK_TONES[link.state]}>{LINK_STATES[link.state]}</Badge>
    </dd>
    <dt>Created by</dt>
    <dd>
      {shownAddress(link.makerName)}
      <small>
        <DateAndTime at={link.createdAt} />
      </small>
    </dd>
    <dt>Used</dt>
    <dd>
      {link.uses} of {link.mostUses} times
    </dd>
    <dt>{link.expiresAt > now ? 'Expires' : 'Expired'}</dt>
    <dd>
      <When at={link.expiresAt} now={now} />
      <small>
        <DateAndTime at={link.expiresAt} />
      </small>
    </dd>
    {link.turnedOffAt && (
      <>
        <dt>Turned off</dt>
        <dd>
          <DateAndTime at={link.turnedOffAt} />
        </dd>
      </>
    )}
    <dt>Domains</dt>
    <dd>{link.domains.length > 0 ? eitherDomain(link.domains) : 'Any'}</dd>
    <dt>Approval</dt>
    <dd>{link.approval ? 'An admin approves each person' : 'Not needed'}</dd>
    {link.presetId && (
      <>
        <dt>Preset</dt>
        <dd>{link.preset ?? 'Deleted, so no one can join'}</dd>
      </>
    )}
    <dt>They will see</dt>
    <dd>{accessInWords({ role: 'user', sections, agentMode: link.agentMode, agentCount: link.agentIds.length })}</dd>
  </dl>
)

const Actions = ({ to, link }: Pick<Props, 'to' | 'link'>) => (
  <>
    {link.state !== 'off' && <TurnOff {...{ to, link }} />}
    <a class="button" href={to.turnOffJoinLink(link.id)}>
      {link.state === 'off' ? 'Disable people who joined' : 'Turn off and disable people'}
    </a>
  </>
)

const TurnOff = ({ to, link }: Pick<Props, 'to' | 'link'>) => (
  <>
    <ConfirmTrigger for="turn-off" class="button danger">
      Turn off
    </ConfirmTrigger>
    <Confirm id="turn-off" title="Turn off this link?" action={to.turnOffJoinLink(link.id)} button="Turn off">
      <p>No one can join by it anymore, and the emails that it caused stop working. Whoever joined already keeps their access.</p>
    </Confirm>
    <noscript>
      <form method="post" action={to.turnOffJoinLink(link.id)}>
        <button class="button danger">Turn off now</button>
      </form>
    </noscript>
  </>
)

const People = ({ to, now, people }: Pick<Props, 'to' | 'now' | 'people'>) => (
  <div class="stack">
    <h2>Joined by this link</h2>
    {people.length === 0 ? (
      <p class="hint">No one yet.</p>
    ) : (
      <Table columns={['Person, sorted by email', 'Status', 'Joined']}>
        {people.map((person) => (
          <tr>
            <PersonCell person={person} href={to.member(person.id)} pending={person.status === 'pending'} />
            <td>
              <Badge tone={person.status}>{BADGES[person.status]}</Badge>
            </td>
            <Cell label="Joined">{person.joinedAt ? <When at={person.joinedAt} now={now} /> : 'Not yet'}</Cell>
          </tr>
        ))}
      </Table>
    )}
  </div>
)
