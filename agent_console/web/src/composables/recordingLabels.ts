import type { RecordingFile } from "@virtual-window/signaling"
import { named, t } from "@/messages"

/** Who or what a file shows, in one line. */
export function fileLabel(file: RecordingFile, withRole: boolean): string {
  if (file.kind !== "person") return t(`recording.kind.${file.kind}`)
  const role = t(`role.${file.participant_role}`)
  const name = named(file.display_name)
  if (!name) return role
  return withRole ? `${name} · ${role}` : name
}
