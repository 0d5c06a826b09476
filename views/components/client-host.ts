/** By what a program is known that names itself by an address. */
export const hostOf = (client: string) => URL.parse(client)?.host ?? client
