import { Address, Fact, Facts, Letter, type LetterProps, Paragraph } from './letter'
import { becauseAdmin, ToAdminEnding, toAdminEnding } from './to-admin'

type Kind = 'accepted' | 'declined' | 'bounced' | 'expired' | 'joined' | 'asked' | 'access_asked'
/** `who` names the person and has no links in it; `href` leads to the member's page, while there is one. */
type NoticeFact = { kind: Kind; who: string; app?: string | undefined; at: string; href: string | null }
type NoticeProps = Pick<LetterProps, 'subject' | 'product' | 'heading'> & {
  to: string
  workspace: string
  notices: NoticeFact[]
  /** How many there are beyond those. */
  more: number
  users: string
  /** Where the choice of these emails is made. */
  choice: string
}

const SENTENCES: Record<Kind, (who: string, workspace: string, app: string) => string> = {
  accepted: (who, workspace) => `${who} accepted the invitation to ${workspace}`,
  declined: (who, workspace) => `${who} declined the invitation to ${workspace}`,
  bounced: (who, workspace) => `${who}’s invitation to ${workspace} did not arrive`,
  expired: (who, workspace) => `${who}’s invitation to ${workspace} expired`,
  joined: (who, workspace) => `${who} joined ${workspace}`,
  asked: (who, workspace) => `${who} asks to join ${workspace}`,
  access_asked: (who, workspace, app) => `${who} asks for access to ${app} in ${workspace}`,
}

const NAMES: Record<Kind, string> = {
  accepted: 'Accepted',
  declined: 'Declined',
  bounced: 'Bounced',
  expired: 'Expired',
  joined: 'Joined',
  asked: 'Asks to join',
  access_asked: 'Asks for access',
}

const NEXT: Record<Kind, string> = {
  accepted: 'They can sign in now.',
  declined: 'The invitation is closed, and its link no longer works.',
  bounced: 'Check the address. You can correct it and resend the invitation from the person’s page.',
  expired: 'The link was not used. You can send a new one from the person’s page.',
  joined: 'They used a join link and can sign in now.',
  asked: 'They used a join link and wait for approval. You can approve or decline the request.',
  access_asked: 'They cannot open it yet. You can approve or decline the request.',
}

export const newsInWords = (
  [only, ...others]: { kind: Kind; who: string; app?: string | undefined }[],
  more: number,
  workspace: string,
) => {
  if (only && others.length + more === 0) return SENTENCES[only.kind](only.who, workspace, only.app ?? 'an app')
  const count = 1 + others.length + more
  return [only, ...others].every((each) => each && isOfInvitation(each.kind))
    ? `${count} invitations to ${workspace} changed`
    : `${count} people and invitations in ${workspace} changed`
}

const isOfInvitation = (kind: Kind) => kind !== 'joined' && kind !== 'asked' && kind !== 'access_asked'

const openingOf = ({ notices: [only, ...others], more }: NoticeProps) =>
  only && others.length + more === 0 ? NEXT[only.kind] : 'Here is what happened, newest last.'

const moreOf = ({ more }: NoticeProps) => (more > 0 ? `And ${more} more. See everyone who is invited under Users:` : undefined)

export const NoticeMail = (props: NoticeProps) => (
  <Letter {...props} preview={openingOf(props)} footer={becauseAdmin(props)}>
    <Paragraph>{openingOf(props)}</Paragraph>
    <Facts>
      {props.notices.map(({ kind, who, app, at, href }) => (
        <Fact name={NAMES[kind]}>
          {who}
          <br />
          {app && (
            <>
              {app}
              <br />
            </>
          )}
          {at}
          {href && (
            <>
              <br />
              <Address href={href}>Open</Address>
            </>
          )}
        </Fact>
      ))}
    </Facts>
    <ToAdminEnding {...props} more={moreOf(props)} />
  </Letter>
)

export const noticeText = (props: NoticeProps) =>
  [
    props.heading,
    openingOf(props),
    ...props.notices.map(
      ({ kind, who, app, at, href }) => `${NAMES[kind]}: ${who}\n${app ? `${app}\n` : ''}${at}${href ? `\n${href}` : ''}`,
    ),
    ...toAdminEnding({ ...props, more: moreOf(props) }),
    `--\n${becauseAdmin(props)}`,
  ].join('\n\n')
