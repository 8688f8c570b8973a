import { onScopeDispose } from "vue"
import { actionOf, type KeyAction } from "@/domain/keys"

type Act = () => void
const acts = new Map<KeyAction, Act[]>()
let listening = false

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

function press(event: KeyboardEvent): void {
  const action = actionOf(event, isTyping(event.target))
  const act = action && acts.get(action)?.at(-1)
  if (!act) return
  event.preventDefault()
  act()
}

/** Act on keys while the caller lives; of several callers for one key the last one is asked. */
export function useKeys(table: Partial<Record<KeyAction, Act>>): void {
  if (!listening) window.addEventListener("keydown", press)
  listening = true
  const entries = Object.entries(table) as [KeyAction, Act][]
  for (const [action, act] of entries) acts.set(action, [...(acts.get(action) ?? []), act])
  onScopeDispose(() => {
    for (const [action, act] of entries) acts.set(action, (acts.get(action) ?? []).filter((other) => other !== act))
  })
}

/** The actions that something on the page now answers to. */
export function liveActions(): Set<KeyAction> {
  return new Set([...acts].filter(([, list]) => list.length > 0).map(([action]) => action))
}
