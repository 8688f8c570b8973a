/** What can be done by keyboard. One table: the buttons show it, the list of keys shows it, the listener reads it. */
export type KeyAction =
  | "available" | "break" | "accept" | "reject" | "mute" | "camera" | "capture" | "note" | "save" | "end"
  | "outcome1" | "outcome2" | "outcome3" | "finish" | "search" | "nextPanel" | "previousPanel" | "queue" | "keys"

export interface KeyCombo { alt?: boolean; ctrl?: boolean; shift?: boolean; code: string; shown: string }

export const KEYS: Readonly<Record<KeyAction, KeyCombo>> = {
  available: { alt: true, code: "KeyG", shown: "Alt G" },
  break: { alt: true, code: "KeyK", shown: "Alt K" },
  accept: { alt: true, code: "KeyA", shown: "Alt A" },
  reject: { alt: true, code: "KeyR", shown: "Alt R" },
  mute: { alt: true, code: "KeyM", shown: "Alt M" },
  camera: { alt: true, code: "KeyV", shown: "Alt V" },
  capture: { alt: true, code: "KeyC", shown: "Alt C" },
  note: { alt: true, code: "KeyN", shown: "Alt N" },
  save: { ctrl: true, code: "KeyS", shown: "Ctrl S" },
  end: { alt: true, code: "KeyX", shown: "Alt X" },
  outcome1: { code: "Digit1", shown: "1" },
  outcome2: { code: "Digit2", shown: "2" },
  outcome3: { code: "Digit3", shown: "3" },
  finish: { ctrl: true, code: "Enter", shown: "Ctrl Enter" },
  search: { ctrl: true, code: "KeyK", shown: "Ctrl K" },
  nextPanel: { code: "F6", shown: "F6" },
  previousPanel: { shift: true, code: "F6", shown: "Shift F6" },
  queue: { alt: true, code: "KeyQ", shown: "Alt Q" },
  keys: { alt: true, code: "Slash", shown: "Alt /" },
}

type Pressed = Pick<KeyboardEvent, "altKey" | "ctrlKey" | "metaKey" | "shiftKey" | "code">

/**
 * The action of a key press, or null. `code` names the place of the key, so that Alt works where it types letters.
 * typing: the focus is in a text field; single keys then write, and do nothing else.
 */
export function actionOf(press: Pressed, typing: boolean): KeyAction | null {
  const found = (Object.entries(KEYS) as [KeyAction, KeyCombo][]).find(([, key]) =>
    key.code === press.code && Boolean(key.alt) === press.altKey
    && Boolean(key.ctrl) === (press.ctrlKey || press.metaKey) && Boolean(key.shift) === press.shiftKey)
  if (!found) return null
  const [action, key] = found
  return typing && !key.alt && !key.ctrl && key.code.startsWith("Digit") ? null : action
}
