/** The big pages, of a workspace of 120 people, some of them invited, and 29 agents. */
export const PAGES = [
  ['the user table of 50', '/w/acme/access/users?status=active'],
  ['pending people of 50', '/w/acme/access/users?status=pending'],
  ['Permission Matrix', '/w/acme/access/permissions'],
  ['Agent Access', '/w/acme/access/agents'],
  ['a member', '/w/acme/access/users/person-00000000000010'],
  ['Invite User', '/w/acme/access/invitations/new'],
  ['Activity', '/w/acme/access/activity'],
  ['Agents', '/w/acme/agents'],
] as const
