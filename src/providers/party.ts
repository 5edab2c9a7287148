// Field names under which requests and logs name a person or a conversation.

const person = new Set(
  `user userid username useremail enduser enduserid endusername customer customerid customername customeremail
  account accountid email emailaddress mail phone phonenumber ip ipaddress clientip requesteripaddress name fullname
  firstname lastname safetyidentifier heliconeuser`.split(/\s+/),
)

const conversation = new Set(
  `conversation conversationid session sessionid thread threadid chat chatid dialog dialogid promptcachekey`.split(
    /\s+/,
  ),
)

function plain(field: string): string {
  return field.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}

/** Whether a field of this name holds who asked. `user_id`, `userId` and `User-Id` are one name; `user_tier` is another. */
export function namesPerson(field: string): boolean {
  return person.has(plain(field))
}

/** Whether a field of this name holds which conversation a request belongs to. */
export function namesConversation(field: string): boolean {
  return conversation.has(plain(field))
}
