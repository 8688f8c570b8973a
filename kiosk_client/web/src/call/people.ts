import type { Participant, Role, VideoSession } from "@virtual-window/signaling"
import { useText } from "../text"

export interface PersonName { name: string; org: string; role: Role | null; away: boolean }

/** How a participant is called in the reader's language. */
export function usePersonNames() {
  const { t, say } = useText()
  return (session: VideoSession | null, participantId: string, role: Role | null): PersonName => {
    const one: Participant | undefined = session?.participants.find((participant) => participant.id === participantId)
    const known = one?.role ?? role
    return {
      name: say(one?.display_name) || (known ? t(`role.${known}`) : ""), org: say(one?.org_name), role: known,
      away: one?.state === "interrupted",
    }
  }
}
