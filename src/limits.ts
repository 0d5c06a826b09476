/** Every number of the product that is not a vocabulary, with its reason. Views and models read it; it imports nothing. */

export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

/** A session: idle for half an hour it is over, and after half a day in any case (docs/rules.md, Signing in). */
export const SESSION = { idleMs: 30 * MINUTE_MS, absoluteMs: 12 * HOUR_MS, touchMs: MINUTE_MS, perPerson: 10 } as const

/** How long a proof of who somebody is counts for what widens a way in (docs/rules.md, Fresh proof). */
export const FRESH_MS = 10 * MINUTE_MS

/** How many expired sessions or spent throttles one statement of the night deletes at most. */
export const SWEPT_ROWS = 20_000

/** How long a change can be taken back. */
export const UNDO_MS = 10 * MINUTE_MS

/** What a browser keeps of opened links: one cookie each, the oldest out. An hour is long enough to think of a password. */
export const LINK_COOKIES = { most: 8, lifetimeMs: HOUR_MS } as const

/** How long what was typed into a form that came after its session can be had back. */
export const DRAFT_MS = HOUR_MS
/** Sealed, so that it fits beside an address and a password into the 64 KiB of a form. */
export const DRAFT_CHARACTERS = 60_000

/** How many people are offered where what was typed may mean several; beyond that the page asks for more letters. */
export const PEOPLE_TO_CHOOSE = 8

/** NIST SP 800-63B-4 3.1.1.2. In code points after NFC. */
export const PASSWORD_CHARACTERS = { least: 15, most: 256 } as const

export const NAME_CHARACTERS = 80
/** What is kept of what a browser calls itself. */
export const USER_AGENT_CHARACTERS = 300
export const NOTE_CHARACTERS = 500
/** What a review names of the columns that a list of people has and we do not know; of more than that it says so. */
export const IGNORED = { named: 5, characters: 40 } as const
/** RFC 5321 4.5.3.1. */
export const ADDRESS_CHARACTERS = 254

/** Retries of a call to a database in trouble: at most three, after up to 100, 200 and 400 ms, so that a page is less than a second late. */
export const D1_RETRIES = { most: 3, firstMs: 100 } as const

/**
 * Of work that is due. A lease is longer than one delivery can take (the other side's time and two writes), so that a live consumer never loses
 * it; the grace is the Queue's own time before the sweep takes a row for lost.
 */
export const OUTBOX = { leaseMs: MINUTE_MS, graceMs: MINUTE_MS, sweepRows: 100 } as const

/**
 * Waits between attempts: short enough that work goes out soon after the other side is back, and longer once it has been away for so long that a day
 * of it must not cost thousands of rows. A `Retry-After` is honoured up to an hour; a longer one would outlive most links. `repairMs`: a person has
 * to correct a setting first.
 */
export const BACKOFF = {
  firstMs: 5_000,
  mostMs: 5 * MINUTE_MS,
  outageMs: HOUR_MS,
  mostInOutageMs: 30 * MINUTE_MS,
  retryAfterMostMs: HOUR_MS,
  repairMs: 10 * MINUTE_MS,
} as const

/** An admin sends one person an invitation and five more in a day, none within a minute of the last; an address gets no more of them from a workspace. */
export const RESEND = { cooldownMs: MINUTE_MS, perDay: 5 } as const
export const MAILS_TO_ONE_A_DAY = 1 + RESEND.perDay

/** What somebody has sent to themself, by an old link or by Forgot Password, counts apart, so that strangers cannot use up what an admin may send. */
export const RENEW = { cooldownMs: MINUTE_MS, perDay: 5 } as const

/** Whoever pressed *Report spam* or *never invite this address again* by mistake can take it back with a link in the same mailbox. */
export const LIFT_MS = DAY_MS

/** Both sides are warned so long before a membership ends. */
export const END_WARNING_MS = 7 * DAY_MS

/** A reminder goes out so long before the link expires, unless the link lives no longer than that. */
export const REMIND_BEFORE_MS = 2 * DAY_MS

/** So often an app may fail to prove itself from a network: a tool that was set up wrong tries at each of its sign-ins. */
export const APP_FAILURES = { free: 20, windowMs: 5 * MINUTE_MS } as const

/** What an app asks with in the address of a browser: more than any does, and it still fits into that of the sign-in page. */
export const AUTHORIZE_CHARACTERS = 6000

/** The events of one request of an email provider. */
export const WEBHOOK_BYTES = 1024 * 1024

/** Test emails from Checks, limited as resends are. */
export const TEST_MAIL = { cooldownMs: MINUTE_MS, aDay: 5 } as const

/** What fits on an agent's card. */
export const AGENT_LIMITS = { descriptionCharacters: 500, tags: 10, tagCharacters: 30 } as const

/** An invitation works for at least an hour and at most 30 days (docs/rules.md). */
export const LIFETIME_HOURS = { min: 1, max: 720 } as const
/** How long the activity log keeps the addresses of people who never joined. */
export const RETENTION_DAYS = { min: 1, max: 365 } as const

/** As many domains can be allowed in a workspace. */
export const ALLOWED_DOMAINS = 100

/** People whose state the clock or an email decides are counted up to this many; beyond it a page says only that there are more. */
export const COUNTED = 1000

/** People whose lists name an agent are counted up to this many; beyond it a page says only that there are more. */
export const LISTS_COUNTED = 1000

/** Rows of an export that are read at once, and so are in memory: few enough for an answer of D1, enough for a hundred thousand people in twenty. */
export const EXPORT_ROWS = 5000

/** The log is narrowed by text to the entries of so many people at most: each of them is looked up by each kind of entry. */
export const TEXT_PEOPLE = 20
/** Presets of a workspace: as many as can still be chosen from in one list. */
export const PRESETS = 200
/** People whose preset is given again in one go, and who are looked at for whether they differ from it. */
export const REALIGNED = 1000

/** A join link works for at least a day and at most 90, for at most so many people; who joins by it beyond that is invited. */
export const JOIN_LINK_DAYS = { min: 1, max: 90 } as const
export const JOIN_LINK_USES = { min: 1, max: 1000 } as const
/** Long enough to read an email, short enough that one found later opens nothing. */
export const JOIN_PROOF_MS = HOUR_MS
/** Who nobody has answered for so long is forgotten. */
export const JOIN_REQUEST_MS = 90 * DAY_MS

/** How long somebody who asked for access to an app waits until they can ask for the same again. */
export const ASK_AGAIN_MS = DAY_MS
/** A link for more domains than these is for everybody. */
export const JOIN_LINK_DOMAINS = 20

/** A sign-in that waits for its second factor: as long, and for as many codes (docs/rules.md, Second factor). */
export const HALF_SIGN_IN = { lifetimeMs: 5 * MINUTE_MS, codes: 5 } as const
/** As long a passkey may take to answer: WebAuthn 3, 15.1, recommends five minutes where a person is verified. */
export const CHALLENGE_MS = 5 * MINUTE_MS
/** Failures to prove oneself that end a session. */
export const SESSION_FAILURES = 10
/** As long after its last sign-in a browser is still known, and of each person as many. */
export const KNOWN_BROWSER_MS = 90 * DAY_MS
export const KNOWN_BROWSERS = 20
export const RECOVERY_CODES = 10
export const PASSKEYS = 20
/** A link to set up a second factor, and how long somebody may take over it after their password. */
export const FACTOR_LINK_MS = DAY_MS
export const FACTOR_SET_UP_MS = 30 * MINUTE_MS
export const FACTOR_GRACE_DAYS = { min: 0, max: 90 } as const
/** So long before their days of grace end, people are reminded of the second factor that they need; migration 0047 has it as well. */
export const FACTOR_WARNING_DAYS = 7
/** The page on which an authenticator app is set up: as long as a form that comes after its session is kept. */
export const TOTP_SETUP_MS = HOUR_MS
/** With as few recovery codes left, a person is told to make new ones. */
export const FEW_RECOVERY_CODES = 3

/**
 * Of telling apps that somebody is signed out: so many are taken at once, by so many connections, of the six that a Worker may have open; an app may take
 * so long to answer, and is told again for a day, the first times within seconds, since it lets somebody in meanwhile.
 */
export const LOGOUTS = { atOnce: 25, connections: 5, timeoutMs: 5_000, firstMs: 1_000, giveUpMs: DAY_MS } as const

/** Apps of a workspace, and what one may have of addresses and hosts: as many as can still be read through in one form. */
export const APPS = 100
export const APP_ADDRESSES = { most: 20, characters: 500 } as const
export const APP_HOSTS = 20
/** In the list of apps the people who are signed in are counted by as many sign-ins of each; on its own page by `COUNTED`. */
export const APP_SIGN_INS = 100
/** Public keys of an app that signs by one, as JSON. */
export const APP_KEYS = { most: 10, characters: 16_000 } as const
/** So long a rotated secret goes on working: enough to bring the new one to every place that has the old one. */
export const SECRET_OVERLAP_MS = 7 * DAY_MS
